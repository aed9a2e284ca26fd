// The word embedding: rows of a weight matrix chosen by a value that comes straight from an input of the graph.

import type { ElementType } from '../ir/element-type.ts'
import { type Graph, type GraphNode, operatorOf, type ValueInfo } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'
import type { Attention } from './attention.ts'
import { ancestorsOf } from './post-dominators.ts'

const REAL: ReadonlySet<ElementType | null> = new Set<ElementType | null>(['float32', 'float16', 'float64', 'bfloat16'])

/** Ids are often cast, flattened or cut to a length first. */
const ID_COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Slice'])

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

/** Rows of the table that an embedding looks up. */
export function vocabularyOf(embedding: GraphNode, graph: Graph): number {
  return tableSize(embedding, indexGraph(graph))[0]
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
  const [real, ...others] = firstReals(embedding, graph)
  const maker = index.producer(real ?? '')
  if (real === undefined || others.length > 0 || maker === undefined) return null
  if (operatorOf(maker) !== 'Cast') return real
  // A cast leaves the zero point and the scale to arithmetic, by blocks where each has its own.
  const blocks = outputOf('Reshape', real, index)
  const scaled = after('Mul', after('Sub', blocks ?? real, index), index)
  if (blocks === null) return scaled
  const rows = outputOf('Reshape', scaled, index)
  // A last block that is not full was filled up.
  return rows === null ? null : (outputOf('Slice', rows, index) ?? rows)
}

/** The real values nearest behind the looked-up rows: packed rows are opened by operators on integers before. */
function firstReals(embedding: GraphNode, graph: Graph): readonly string[] {
  const index = indexGraph(graph)
  const reached = new Set(embedding.outputs.slice(0, 1))
  const reals: string[] = []
  // A set grows while it is walked.
  for (const value of reached) {
    if (REAL.has(inferElementType(graph, value))) reals.push(value)
    else for (const user of index.consumers(value)) for (const output of user.outputs) reached.add(output)
  }
  return reals
}

/** What an operator makes of a value that nothing else uses, null where another follows. */
function outputOf(operator: string, value: string, index: GraphIndex): string | null {
  const user = onlyUser(value, index)
  return user !== undefined && operatorOf(user) === operator ? (user.outputs[0] ?? null) : null
}

/** What an operator with a constant, or with constants looked up for each row, makes of a value; the value itself where none follows. */
function after(operator: string, value: string, index: GraphIndex): string {
  const user = onlyUser(value, index)
  if (user === undefined || operatorOf(user) !== operator) return value
  const other = user.inputs.find((input) => input !== value) ?? ''
  return isParameter(other, index) ? (user.outputs[0] ?? value) : value
}

/** Whether a value is a constant, or looked up in one. */
function isParameter(value: string, index: GraphIndex): boolean {
  const node = index.producer(value)
  if (node === undefined) return index.initializer(value) !== undefined
  return ID_COPIES.has(operatorOf(node)) ? isParameter(node.inputs[0] ?? '', index) : tableSize(node, index)[0] > 0
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
  const [rows, columns, ...more] = tableDims(table, index) ?? []
  const isTable = rows !== undefined && columns !== undefined && more.length === 0
  return isTable && fromInput(ids, index) ? [rows, columns] : [0, 0]
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
