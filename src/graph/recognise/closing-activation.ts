// The activation that closes a graph: a file may give probabilities, of which no softmax is to be taken a second time.

import { type Graph, type GraphNode, intAttribute, intsAttribute, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { bind, commutative, either, match, number, op, type Pattern } from '../rewrite/pattern.ts'
import { numbersIn } from '../shapes/facts.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { isConstant } from './by-token.ts'

export interface ClosingActivation {
  /** Over the last axis together, or of each number by itself. */
  readonly activation: 'softmax' | 'sigmoid'
  /** What it is taken of. */
  readonly scores: string
}

/** Between an activation and the output: the same numbers, some of them, or their logarithms. */
const COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'])
const CHOICES: ReadonlySet<string> = new Set(['Gather', 'Slice', 'ReduceMax', 'TopK', 'Clip', 'Log'])

const scores = bind('scores')
const difference = op('Sub', scores, op('ReduceMax', scores))
const exponentials = bind('exponentials', either(op('Exp', difference), op('Exp', scores)))
const logarithms = bind('shifted', either(difference, scores))

const softmax: Pattern = either(
  op(['Softmax', 'LogSoftmax'], scores),
  op('Div', exponentials, bind('sum', op('ReduceSum', exponentials))),
  op('Sub', logarithms, op('Log', bind('sum', op('ReduceSum', op('Exp', bind('shifted')))))),
  op('Sub', scores, bind('sum', op('ReduceLogSumExp', scores))),
)

const growth = commutative('Add', op('Exp', op('Neg', scores)), number(1))
const sigmoid: Pattern = either(op('Sigmoid', scores), op('Reciprocal', growth), op('Div', number(1), growth))

/** @param output of the graph @returns null where the output is not made by an activation of scores, or not by that alone */
export function closingActivation(graph: Graph, output: string): ClosingActivation | null {
  const index = indexGraph(graph)
  let value = output
  for (let node = index.producer(value); node !== undefined; node = index.producer(value)) {
    const together = match(softmax, value, index)
    const found = together?.get('scores')
    if (found !== undefined && isOverLastAxis(index.producer(together?.get('sum') ?? value), graph)) {
      return { activation: 'softmax', scores: found }
    }
    const apart = match(sigmoid, value, index)?.get('scores')
    if (apart !== undefined) return { activation: 'sigmoid', scores: apart }
    if (!leadsOn(node, index)) return null
    value = node.inputs[0] ?? ''
  }
  return null
}

function leadsOn(node: GraphNode, index: GraphIndex): boolean {
  if (COPIES.has(operatorOf(node))) return true
  return CHOICES.has(operatorOf(node)) && node.inputs.slice(1).every((input) => input === '' || isConstant(input, index))
}

/** Of a Softmax or a reduction. */
function isOverLastAxis(node: GraphNode | undefined, graph: Graph): boolean {
  if (node === undefined) return false
  const facts = inferShapes(graph)
  const axes = operatorOf(node).endsWith('Softmax')
    ? [intAttribute(node, 'axis', -1)]
    : (intsAttribute(node, 'axes') ?? numbersIn(facts(node.inputs[1] ?? '')))
  const rank = facts(node.inputs[0] ?? '').dims?.length
  return axes?.length === 1 && (axes[0] === -1 || (rank !== undefined && axes[0] === rank - 1))
}
