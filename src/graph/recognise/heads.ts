// Head counts that the graph states: the query is reshaped to [B, T, H, d] and transposed to [B, H, T, d] before the product.

import { numbersOf } from '../constant.ts'
import { type GraphNode, intsAttribute, operatorOf } from '../graph.ts'
import type { GraphIndex } from '../graph-index.ts'

/** Scales, casts, rotary mixing and head norms keep the layout of their first input. */
const SAME_LAYOUT: ReadonlySet<string> = new Set(['Mul', 'Div', 'Cast', 'Identity', 'Add'])

/** Heads of the query of a product, null where the graph leaves them open. */
export function staticHeads(query: string, index: GraphIndex): number | null {
  const transpose = skip(query, index)
  if (transpose === undefined) return null
  const perm = operatorOf(transpose) === 'Transpose' ? intsAttribute(transpose, 'perm') : null
  const source = perm?.length === 4 ? perm[1] : undefined
  const reshape = index.producer(transpose.inputs[0] ?? '')
  if (source === undefined || reshape === undefined || operatorOf(reshape) !== 'Reshape') return null
  const heads = shapeElement(reshape.inputs[1] ?? '', source, index)
  return heads !== null && heads > 0 ? heads : null
}

function skip(value: string, index: GraphIndex): GraphNode | undefined {
  let node = index.producer(value)
  while (node !== undefined && SAME_LAYOUT.has(operatorOf(node))) {
    const computed = node.inputs.find((input) => index.producer(input) !== undefined)
    node = index.producer(computed ?? '')
  }
  return node
}

/** An element of a shape of rank 4 that is a constant, or joined from parts of which those from the element on are constants. */
function shapeElement(shape: string, place: number, index: GraphIndex): number | null {
  const constant = index.initializer(shape)
  if (constant !== undefined) return numbersOf(constant)?.[place] ?? null
  const concat = index.producer(shape)
  if (concat === undefined || operatorOf(concat) !== 'Concat') return null
  const tail: number[] = []
  for (const part of concat.inputs.toReversed()) {
    const values = index.initializer(part)
    const numbers = values === undefined ? null : numbersOf(values)
    if (numbers === null) break
    tail.unshift(...Array.from(numbers))
  }
  return tail.at(place - 4) ?? null
}
