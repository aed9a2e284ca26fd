// Rows of one length as one batch: every input that counts rows has one part for each.

import type { PreparedInput } from '#graph/model-inputs'
import type { FeedData, Feeds } from '../runtime/session.ts'

/** @param rows feeds of one row each, at least one */
export function stacked(rows: readonly Feeds[], inputs: readonly PreparedInput[]): Feeds {
  const [first = {}] = rows
  if (rows.length === 1) return first
  const symbols = new Map(inputs.map(({ name, dims }) => [name, dims]))
  return Object.fromEntries(
    Object.entries(first).map(([name, feed]) => {
      const [batch, ...inner] = symbols.get(name) ?? []
      const countsRows = typeof batch !== 'number' && (inner.length > 0 || /batch/.test(batch ?? ''))
      if (!countsRows) return [name, feed]
      const parts = rows.flatMap((row) => row[name]?.data ?? [])
      return [name, { ...feed, dims: [rows.length, ...feed.dims.slice(1)], data: joinedData(parts, feed.data) }]
    }),
  )
}

function joinedData(parts: readonly FeedData[], like: FeedData): FeedData {
  if (like instanceof BigInt64Array) {
    const all = new BigInt64Array(parts.length * like.length)
    parts.forEach((part, at) => void (part instanceof BigInt64Array && all.set(part, at * like.length)))
    return all
  }
  const all = emptyLike(like, parts.length * like.length)
  parts.forEach((part, at) => void (part instanceof BigInt64Array || all.set(part, at * like.length)))
  return all
}

/** Zeros in the type of other data. */
export function emptyLike(like: Exclude<FeedData, BigInt64Array>, length: number): Exclude<FeedData, BigInt64Array> {
  if (like instanceof Int32Array) return new Int32Array(length)
  if (like instanceof Uint16Array) return new Uint16Array(length)
  return like instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)
}
