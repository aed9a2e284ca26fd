// Norms over the hidden axis, as one operator or taken apart: a pattern for each form.

import { operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { any, bind, commutative, constantExpression, either, match, number, op, type Pattern, through } from '../rewrite/pattern.ts'

const NORM_OPERATORS = ['LayerNormalization', 'RMSNormalization', 'SimplifiedLayerNormalization']

const input = bind('input')

/** (x - mean) / sqrt(mean((x - mean)^2) + eps), as exporters before opset 17 write it. */
function standardised(x: Pattern): Pattern {
  const centred = bind('centred', op('Sub', x, op('ReduceMean', x)))
  return over(centred, commutative('Add', op('ReduceMean', square(through(['Cast'], centred))), any))
}

/** x / sqrt(mean(x^2) + eps) */
function rootMeanSquare(x: Pattern): Pattern {
  return over(x, commutative('Add', op('ReduceMean', square(x)), any))
}

/** x / sqrt(variance), as a quotient or as a product with the reciprocal. */
function over(x: Pattern, variance: Pattern): Pattern {
  const root = op('Sqrt', variance)
  const inverse = either(op('Reciprocal', root), op('Div', number(1), root), op('Pow', variance, number(-0.5)))
  return either(op('Div', x, root), commutative('Mul', x, inverse))
}

function square(x: Pattern): Pattern {
  return either(op('Pow', x, number(2)), op('Mul', x, x))
}

const core = either(standardised(input), rootMeanSquare(input))
const scaled = commutative('Mul', through(['Cast'], core), constantExpression)
const shifted = commutative('Add', through(['Cast'], scaled), constantExpression)

const norm: Pattern = through(['Cast'], either(op(NORM_OPERATORS, input), shifted, scaled, core))

/** The value that `output` is the norm of, null where it is not a norm's output. */
export function normInput(output: string, index: GraphIndex): string | null {
  const input = match(norm, output, index)?.get('input') ?? null
  return input === null ? null : behindCasts(input, index)
}

/** Norms of float16 values take their sums in float32: the value itself is before that cast. */
function behindCasts(value: string, index: GraphIndex): string {
  const node = index.producer(value)
  return node !== undefined && operatorOf(node) === 'Cast' ? behindCasts(node.inputs[0] ?? '', index) : value
}
