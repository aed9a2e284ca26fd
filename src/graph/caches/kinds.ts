// What a graph's values depend on: on what the tokens are, or only on how many there are.

import { type Graph, operatorOf } from '../ir/graph.ts'
import { usesOf } from '../ir/graph-index.ts'

/**
 * `constant`: on no input. `frame`: on lengths, and on inputs besides the ids: positions, masks, rotations. `stream`: on the ids
 * themselves.
 */
export type Kind = 'constant' | 'frame' | 'stream'

const RANKS: Readonly<Record<Kind, number>> = { constant: 0, frame: 1, stream: 2 }

/** @param ids the input that the tokens' ids are fed to */
export function kindsIn(graph: Graph, ids: string): (value: string) => Kind {
  const kinds = new Map<string, Kind>([
    ...graph.inputs.map(({ name }) => [name, name === ids ? 'stream' : 'frame'] as const),
    ...graph.initializers.map(({ name }) => [name, 'constant'] as const),
  ])
  const kindOf = (value: string): Kind => kinds.get(value) ?? 'constant'
  for (const node of graph.nodes) {
    const used = Array.from(usesOf(node), kindOf).reduce<Kind>((most, kind) => (RANKS[kind] > RANKS[most] ? kind : most), 'constant')
    const kind = operatorOf(node) === 'Shape' && used === 'stream' ? 'frame' : used
    for (const output of node.outputs) kinds.set(output, kind)
  }
  return kindOf
}
