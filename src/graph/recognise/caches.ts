// Where a decoder takes the keys and values of earlier tokens: an input of the graph that a layer's own are joined behind. Fed what the
// layer gave before, it spares the next token the work on all before it.

import { type Graph, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'

/** The keys or the values of one layer, of rank 4. */
export interface KeyValueCache {
  /** The input that takes those of earlier tokens, float32; with no token in it, the model reads a text from its start. */
  readonly past: string
  /** Those of the tokens that are read now. */
  readonly fresh: string
  /** The axis of tokens. */
  readonly axis: number
}

const RANK = 4

/** All of a graph, in the order of its inputs; none where one of such inputs is put to another use: the model could then not be continued. */
export function findCaches(graph: Graph): readonly KeyValueCache[] {
  const index = indexGraph(graph)
  const inputs = graph.inputs.filter(({ name, dims }) => dims?.length === RANK && index.initializer(name) === undefined)
  const found = inputs.map(({ name, elementType }) => (elementType === 'float32' ? cacheOf(name, index) : null))
  return found.every((cache) => cache !== null) ? found : []
}

function cacheOf(past: string, index: GraphIndex): KeyValueCache | null {
  // Its length may be asked for besides.
  const [node, ...others] = index.consumers(past).filter((consumer) => operatorOf(consumer) !== 'Shape')
  const [first, fresh, third] = node?.inputs ?? []
  if (
    node === undefined ||
    others.length > 0 ||
    operatorOf(node) !== 'Concat' ||
    first !== past ||
    fresh === undefined ||
    third !== undefined
  )
    return null
  const axis = node.attributes.get('axis')
  if (axis?.kind !== 'int') return null
  const place = Number(axis.value)
  return { past, fresh, axis: place < 0 ? place + RANK : place }
}
