// What heads do with a text, measured on their attention: scores that say how much a head looks at the token before, at itself, at earlier
// copies of a token, and right behind those (Olsson et al., "In-context Learning and Induction Heads", 2022). They say where a head looks,
// not what it makes of it.

import type { AttentionRun } from '#methods/attention/attention'
import { headMatrix } from '#methods/attention/reduce'
import { entropyOf } from '#tensor/softmax'
import { float32At } from '#tensor/vector'

export const HEAD_ROLES = [
  'previousToken',
  'self',
  'firstToken',
  'delimiters',
  'duplicateToken',
  'induction',
  'distance',
  'entropy',
] as const
export type HeadRole = (typeof HEAD_ROLES)[number]

/**
 * [layers * heads] each: means over queries of the attention, 0..1; the distance in tokens, the entropy in nats. NaN where no query is of the
 * kind.
 */
export type HeadRoles = Readonly<Record<HeadRole, Float32Array>> & {
  /** Queries of which the same token stands before; induction and duplicates are of these alone. */
  readonly copies: number
}

/** Attention below this to a token behind an earlier copy is noise, not induction. */
const INDUCTION_FLOOR = 0.01

/** @param ids of the tokens @param delimiters whether each of them parts others: a mark, a line's end, a token of the template */
export function headRoles(run: AttentionRun, ids: readonly number[], delimiters: readonly boolean[]): HeadRoles {
  const heads = run.layers[0]?.heads ?? 0
  const earlier = ids.map((id, at) => ids.flatMap((other, place) => (place < at && other === id ? [place] : [])))
  const copies = earlier.filter((places) => places.length > 0).length
  const count = run.layers.length * heads
  const matrices = Array.from({ length: count }, (_, at) => headMatrix(run, { layer: Math.floor(at / heads), head: at % heads }))
  const queries = ids.map((_, at) => at)
  const each = (score: (weight: (query: number, key: number) => number) => number): Float32Array =>
    Float32Array.from(matrices, (matrix) => score((query, key) => float32At(matrix, query * ids.length + key)))
  const rowOf = (matrix: Float32Array, query: number): Float32Array => matrix.subarray(query * ids.length, (query + 1) * ids.length)
  const mean = (over: readonly number[], value: (query: number) => number): number =>
    over.length === 0 ? Number.NaN : over.reduce((sum, query) => sum + value(query), 0) / over.length
  const total = (value: (key: number) => number): number => queries.reduce((sum, key) => sum + value(key), 0)
  const withCopies = queries.filter((query) => (earlier[query]?.length ?? 0) > 0)
  const sum = (query: number, value: (place: number) => number): number =>
    (earlier[query] ?? []).reduce((total, place) => total + value(place), 0)
  return {
    previousToken: each((weight) => mean(queries.slice(1), (query) => weight(query, query - 1))),
    self: each((weight) => mean(queries, (query) => weight(query, query))),
    firstToken: each((weight) => mean(queries, (query) => weight(query, 0))),
    delimiters: each((weight) => mean(queries, (query) => total((key) => (delimiters[key] ? weight(query, key) : 0)))),
    duplicateToken: each((weight) => mean(withCopies, (query) => sum(query, (place) => weight(query, place)))),
    induction: each((weight) => mean(withCopies, (query) => sum(query, (place) => aboveFloor(weight(query, place + 1))))),
    distance: each((weight) => mean(queries, (query) => total((key) => Math.abs(query - key) * weight(query, key)))),
    entropy: Float32Array.from(matrices, (matrix) => mean(queries, (query) => entropyOf(rowOf(matrix, query)))),
    copies,
  }
}

function aboveFloor(weight: number): number {
  return weight < INDUCTION_FLOOR ? 0 : weight
}
