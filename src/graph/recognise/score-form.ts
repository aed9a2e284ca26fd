// How an attention's scores come from the product of queries and keys: the numbers they are multiplied by, before and after it.

import { type GraphNode, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import type { Attention } from './attention.ts'

/** A single number of the graph, constant or computed. */
export interface ScalarFactor {
  readonly value: string
  readonly divides: boolean
}

export interface Scaling<Factor = ScalarFactor> {
  readonly factors: readonly Factor[]
  readonly alpha: number
}

export interface AfterProduct<Factor = ScalarFactor> extends Scaling<Factor> {
  /** What q.k is multiplied by before the tanh; null where there is no cap. */
  readonly cap: Scaling<Factor> | null
}

export interface ScoreForm {
  /**
   * scores = factors x alpha x (query x key^T) + what is added: masks and biases, whatever they are; with a cap, factors x tanh of what the
   * cap holds in the place of the product (Gemma Team, "Gemma 2", 2024, section 2). null where something else is done to the product.
   */
  readonly after: AfterProduct | null
  /** What queries and keys were multiplied by on their way to the product, as far as that is the last thing that was done to them. */
  readonly query: readonly ScalarFactor[]
  readonly key: readonly ScalarFactor[]
}

/** They leave every number as it is, or a masked one out. */
const COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Dropout', 'Reshape', 'Squeeze', 'Unsqueeze'])
const MOVES: ReadonlySet<string> = new Set([...COPIES, 'Transpose', 'Expand', 'Tile'])
/** Either adds to scores, or puts another number in a masked one's place: what is added is told by the difference. */
const ADDITIONS: ReadonlySet<string> = new Set(['Add', 'Where', 'Max', 'Clip', 'Concat'])

/** @param index of the graph that the attention was found in */
export function scoreForm({ softmax, scores, query, key }: Attention, index: GraphIndex): ScoreForm {
  return {
    after: afterProduct(softmax.inputs[0] ?? '', scores, index),
    query: lastFactors(query, index),
    key: lastFactors(key, index),
  }
}

function afterProduct(value: string, scores: GraphNode, index: GraphIndex): ScoreForm['after'] {
  const node = index.producer(value)
  if (node === undefined) return null
  if (node === scores) {
    const alpha = node.attributes.get('alpha')
    return { factors: [], alpha: alpha?.kind === 'float' ? alpha.value : 1, cap: null }
  }
  const operator = operatorOf(node)
  if (COPIES.has(operator)) return afterProduct(node.inputs[0] ?? '', scores, index)
  if (operator === 'Tanh') {
    const held = afterProduct(node.inputs[0] ?? '', scores, index)
    return held === null || held.cap !== null ? null : { factors: [], alpha: 1, cap: { factors: held.factors, alpha: held.alpha } }
  }
  const scaled = scalarProduct(node, index)
  if (scaled !== null) {
    const before = afterProduct(scaled.other, scores, index)
    return before && { ...before, factors: [...before.factors, scaled.factor] }
  }
  // What scores are taken away from would have their sign turned.
  const operands = operator === 'Sub' ? node.inputs.slice(0, 1) : ADDITIONS.has(operator) ? node.inputs : []
  for (const operand of operands) {
    const before = afterProduct(operand, scores, index)
    if (before !== null) return before
  }
  return null
}

function lastFactors(value: string, index: GraphIndex): readonly ScalarFactor[] {
  const node = index.producer(value)
  if (node === undefined) return []
  if (MOVES.has(operatorOf(node))) return lastFactors(node.inputs[0] ?? '', index)
  const scaled = scalarProduct(node, index)
  return scaled === null ? [] : [...lastFactors(scaled.other, index), scaled.factor]
}

/** A value multiplied or divided by one number. */
function scalarProduct(node: GraphNode, index: GraphIndex): { readonly other: string; readonly factor: ScalarFactor } | null {
  const operator = operatorOf(node)
  const [left = '', right = ''] = node.inputs
  if (operator === 'Div') return isScalar(right, index) ? { other: left, factor: { value: right, divides: true } } : null
  if (operator !== 'Mul') return null
  if (isScalar(right, index)) return { other: left, factor: { value: right, divides: false } }
  return isScalar(left, index) ? { other: right, factor: { value: left, divides: false } } : null
}

function isScalar(value: string, index: GraphIndex): boolean {
  return inferShapes(index.graph)(value).dims?.every((size) => size === 1) === true
}
