// The word embedding: rows of a weight matrix chosen by a value that comes straight from an input of the graph.

import type { ElementType } from '../element-type.ts'
import { type Graph, type GraphNode, operatorOf, type ValueInfo } from '../graph.ts'
import { type GraphIndex, indexGraph } from '../graph-index.ts'
import { inferElementType } from '../infer-type.ts'
import type { Attention } from './attention.ts'
import { ancestorsOf } from './post-dominators.ts'

const REAL: ReadonlySet<ElementType | null> = new Set<ElementType | null>(['float32', 'float16', 'float64', 'bfloat16'])

/** Ids are often cast or flattened first. */
const ID_COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'])

/**
 * The Gather with the most rows among those that the values of an attention depend on, null where there is none. Queries and keys also
 * depend on tables of rotations, which may be longer than the vocabulary.
 */
export function findEmbedding(graph: Graph, attention: Attention | undefined): GraphNode | null {
  const index = indexGraph(graph)
  const user = index.producer(attention?.value ?? '')
  let best: GraphNode | null = null
  let largest: readonly [rows: number, columns: number] = [0, 0]
  for (const node of user === undefined ? [] : ancestorsOf(user, index)) {
    const [rows, columns] = tableSize(node, index)
    // A table of scales has as many rows as the quantised one.
    if (rows > largest[0] || (rows === largest[0] && columns > largest[1])) {
      best = node
      largest = [rows, columns]
    }
  }
  return largest[0] === 0 ? null : best
}

/** The input of the graph that an embedding looks up. */
export function idsOf(embedding: GraphNode, graph: Graph): ValueInfo | null {
  const index = indexGraph(graph)
  let value = embedding.inputs[1] ?? ''
  for (let node = index.producer(value); node !== undefined; node = index.producer(value)) value = node.inputs[0] ?? ''
  return graph.inputs.find(({ name }) => name === value) ?? null
}

/** The looked-up rows as real numbers: behind the dequantisation where the table is quantised. null where that is not seen through. */
export function embeddingOutput(embedding: GraphNode, graph: Graph): string | null {
  const index = indexGraph(graph)
  const rows = embedding.outputs[0] ?? ''
  if (REAL.has(inferElementType(graph, rows))) return rows
  const user = onlyUser(rows, index)
  const real = user?.outputs[0] ?? ''
  if (user === undefined || !REAL.has(inferElementType(graph, real))) return null
  // A cast leaves the zero point and the scale to arithmetic.
  return operatorOf(user) === 'Cast' ? after('Mul', after('Sub', real, index), index) : real
}

/** What an operator with a constant, or with a constant for each row, makes of a value; the value itself where none follows. */
function after(operator: string, value: string, index: GraphIndex): string {
  const user = onlyUser(value, index)
  if (user === undefined || operatorOf(user) !== operator) return value
  const other = user.inputs.find((input) => input !== value) ?? ''
  const lookup = index.producer(other)
  const isParameter = index.initializer(other) !== undefined || (lookup !== undefined && tableSize(lookup, index)[1] === 1)
  return isParameter ? (user.outputs[0] ?? value) : value
}

function onlyUser(value: string, index: GraphIndex): GraphNode | undefined {
  const users = index.consumers(value)
  return users.length === 1 ? users[0] : undefined
}

/** The table that a node looks ids up in, without rows where it does not. */
function tableSize(node: GraphNode, index: GraphIndex): readonly [rows: number, columns: number] {
  const operator = operatorOf(node)
  if (operator !== 'Gather' && operator !== 'com.microsoft:GatherBlockQuantized') return [0, 0]
  const [table = '', ids = ''] = node.inputs
  const dims = tableDims(table, index)
  return dims?.length === 2 && fromInput(ids, index) ? [dims[0] ?? 0, dims[1] ?? 0] : [0, 0]
}

/** A table is a constant, or a constant transposed because it is shared with the output head. */
function tableDims(table: string, index: GraphIndex): readonly number[] | undefined {
  const producer = index.producer(table)
  if (producer === undefined || operatorOf(producer) !== 'Transpose') return index.initializer(table)?.dims
  return index.initializer(producer.inputs[0] ?? '')?.dims.toReversed()
}

function fromInput(value: string, index: GraphIndex): boolean {
  if (index.isInput(value)) return true
  const node = index.producer(value)
  return node !== undefined && ID_COPIES.has(operatorOf(node)) && fromInput(node.inputs[0] ?? '', index)
}
