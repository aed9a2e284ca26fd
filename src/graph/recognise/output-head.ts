// The output head of a language model: the product of every token's hidden state with a weight for each token of the vocabulary.

import { type Graph, type GraphNode, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { isConstant, isSameForTokens, ROW_PRODUCTS, transposesRows } from './by-token.ts'

export interface Head {
  /** The product. */
  readonly node: GraphNode
  /** Its left operand [B,T,d]. */
  readonly hidden: string
}

/** They change each number by itself, or by constants that are the same for all tokens. */
const NUMBER_BY_NUMBER: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Tanh', 'Cast', 'Identity', 'Clip', 'Min', 'Max', 'Neg'])

/**
 * The product nearest to the output, if all between acts on each token by itself; null where that is not so, or not seen.
 * @param answer the scores [B,T,V]
 */
export function findHead(graph: Graph, answer: string): Head | null {
  const index = indexGraph(graph)
  let value = answer
  for (let node = index.producer(value); node !== undefined; node = index.producer(value)) {
    const operator = operatorOf(node)
    if (ROW_PRODUCTS.has(operator)) return headOf(node, index)
    if (!NUMBER_BY_NUMBER.has(operator)) return null
    const computed = node.inputs.filter((input) => input !== '' && !isConstant(input, index))
    const [only] = computed
    const others = node.inputs.filter((input) => input !== '' && input !== only)
    if (only === undefined || computed.length > 1 || !others.every((input) => isSameForTokens(input, index))) return null
    value = only
  }
  return null
}

function headOf(node: GraphNode, index: GraphIndex): Head | null {
  const [hidden = '', ...weights] = node.inputs
  const fixed = weights.every((weight) => weight === '' || isConstant(weight, index))
  return fixed && !transposesRows(node) && !isConstant(hidden, index) ? { node, hidden } : null
}
