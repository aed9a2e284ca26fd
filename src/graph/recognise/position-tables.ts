// How long a row the graph has positions for: lookups in constants, and slices of them, that reach further the more tokens a row has.

import { type Graph, type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { numbersIn, placeOf } from '../shapes/facts.ts'
import { type FedNumbers, inferFed } from '../shapes/infer-shapes.ts'

/** What is fed for a row of so many tokens, by the names of inputs. */
export type FedRow = (tokens: number) => ReadonlyMap<string, FedNumbers>

/** Rows of positions, such as a table of position embeddings, rotations or a triangle of who sees whom. */
export interface PositionTable {
  readonly rows: number
  /** Rows before that of the first token: a table of `rows` holds `rows - offset` tokens. */
  readonly offset: number
}

/** Two lengths tell how far a lookup reaches; both are shorter than any table of positions. */
const PROBES = [3, 6] as const
/** Tables longer than this are longer than any row that is run; checking them would take long. */
const LONGEST_CHECKED = 16_384

/**
 * Tables of which each further token of a row takes one further row, up to the last one. Relative positions, which are counted between
 * two tokens and end in one row for all that are far, are none.
 */
export function findPositionTables(graph: Graph, fedFor: FedRow): readonly PositionTable[] {
  const [short, long] = PROBES
  const index = indexGraph(graph)
  const candidates = graph.nodes.filter((node) => index.initializer(tableOf(node, index)) !== undefined)
  if (candidates.length === 0) return []
  const [before, after] = [reachesIn(graph, candidates, fedFor(short)), reachesIn(graph, candidates, fedFor(long))]
  const growing = candidates.flatMap((node) => {
    const [near, far] = [before.get(node), after.get(node)]
    // What a short row fills already is cut by its own length, and not by the row's.
    if (near === undefined || far === undefined || far.last >= far.rows || far.last - near.last !== long - short) return []
    return [{ node, rows: far.rows, offset: far.last - (long - 1) }]
  })
  /** By how many tokens fill a table: whether its last row is then the last that is looked up. */
  const checked = new Map<number, ReadonlyMap<GraphNode, Reach>>()
  return growing.flatMap(({ node, rows, offset }) => {
    const tokens = rows - offset
    if (tokens < 1 || tokens > LONGEST_CHECKED) return []
    const reaches = checked.get(tokens) ?? reachesIn(graph, candidates, fedFor(tokens))
    checked.set(tokens, reaches)
    return reaches.get(node)?.last === rows - 1 ? [{ rows, offset }] : []
  })
}

interface Reach {
  readonly rows: number
  /** The last row that is taken. */
  readonly last: number
}

function reachesIn(graph: Graph, nodes: readonly GraphNode[], fed: ReadonlyMap<string, FedNumbers>): ReadonlyMap<GraphNode, Reach> {
  const facts = inferFed(graph, fed, LONGEST_CHECKED)
  const index = indexGraph(graph)
  return new Map(
    nodes.flatMap((node): (readonly [GraphNode, Reach])[] => {
      const given = (place: number): readonly number[] | null => numbersIn(facts(node.inputs[place] ?? ''))
      const dims = dimsOf(tableOf(node, index), index.producer(node.inputs[0] ?? '') !== undefined, index)
      const reach = (axis: number, last: number): (readonly [GraphNode, Reach])[] => {
        const rows = dims[placeOf(axis, dims.length)]
        return rows === undefined ? [] : [[node, { rows, last }]]
      }
      if (operatorOf(node) === 'Slice') {
        const [end, axis] = [given(2)?.[0], (node.inputs[3] ?? '') === '' ? 0 : given(3)?.[0]]
        // A slice from the end counts backwards, and a whole one names no length.
        if (end === undefined || axis === undefined || end < 1 || given(2)?.length !== 1) return []
        return reach(axis, end - 1)
      }
      const places = given(1)
      if (places === null || places.length === 0 || places.some((place) => place < 0)) return []
      const last = places.reduce((most, place) => Math.max(most, place), 0)
      return reach(intAttribute(node, 'axis', 0), last)
    }),
  )
}

type Index = ReturnType<typeof indexGraph>

/** The constant that a node looks rows up in, or cuts; '' where it does neither. Tables may be stored transposed. */
function tableOf(node: GraphNode, index: Index): string {
  const operator = operatorOf(node)
  if (operator !== 'Gather' && operator !== 'Slice' && operator !== 'com.microsoft:GatherBlockQuantized') return ''
  const [table = ''] = node.inputs
  const producer = index.producer(table)
  return producer !== undefined && operatorOf(producer) === 'Transpose' ? (producer.inputs[0] ?? '') : table
}

function dimsOf(table: string, isTransposed: boolean, index: Index): readonly number[] {
  const dims = index.initializer(table)?.dims ?? []
  return isTransposed ? dims.toReversed() : dims
}
