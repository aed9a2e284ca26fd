// The word embedding: rows of a weight matrix chosen by a value that comes straight from an input of the graph.

import { type Graph, type GraphNode, operatorOf } from '../graph.ts'
import { type GraphIndex, indexGraph } from '../graph-index.ts'
import { ancestorsOf } from './post-dominators.ts'

/** Ids are often cast or flattened first. */
const ID_COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'])

/** The Gather with the most rows among those that the given node depends on, null where there is none. */
export function findEmbedding(graph: Graph, user: GraphNode): GraphNode | null {
  const index = indexGraph(graph)
  let best: GraphNode | null = null
  let mostRows = 0
  for (const node of ancestorsOf(user, index)) {
    const rows = embeddingRows(node, index)
    if (rows > mostRows) {
      best = node
      mostRows = rows
    }
  }
  return best
}

/** Rows of the table that a node looks ids up in, 0 where it does not. */
function embeddingRows(node: GraphNode, index: GraphIndex): number {
  const operator = operatorOf(node)
  if (operator !== 'Gather' && operator !== 'com.microsoft:GatherBlockQuantized') return 0
  const [table = '', ids = ''] = node.inputs
  const dims = tableDims(table, index)
  return dims?.length === 2 && fromInput(ids, index) ? (dims[0] ?? 0) : 0
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
