// Caches of keys and values from earlier tokens. The page runs whole inputs, so a cache that comes from an input of the graph is
// taken for empty, and what is put into it is not computed.

import { type GraphNode, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import type { Emitter } from '../rewrite/emitter.ts'
import { optionalInput } from './lowering.ts'

/** Operators that take parts of a cache, or copy it. */
const PARTS: ReadonlySet<string> = new Set(['Identity', 'Cast', 'Gather', 'Slice', 'Split', 'Squeeze', 'Reshape', 'Transpose'])

/** Refuses caches that are computed: only those that come from an input of the graph can be empty. */
export function refuseComputedCaches(node: GraphNode, names: Readonly<Record<number, string>>, to: Emitter): void {
  for (const [place, name] of Object.entries(names)) {
    const cache = optionalInput(node, Number(place))
    if (cache !== null && !fromInput(cache, to.index)) to.refuse(`a computed ${name}`)
  }
}

function fromInput(value: string, index: GraphIndex): boolean {
  if (index.isInput(value)) return true
  const node = index.producer(value)
  return node !== undefined && PARTS.has(operatorOf(node)) && fromInput(node.inputs[0] ?? '', index)
}
