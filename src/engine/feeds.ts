// What a model is fed for one row of tokens: ids, a mask, positions, and caches of length zero, each in the type and shape that the
// graph asks for. Inputs are told apart by the names that exporters have agreed on.

import type { PreparedInput } from '#graph/prepare'
import { sizeOf } from '#tensor/tensor'
import { EngineError } from './error.ts'
import type { Feed, FeedData, Feeds } from './session.ts'

/** What the shapes of a cache leave open, from the model's configuration. */
export interface CacheLayout {
  readonly heads: number | null
  readonly headWidth: number | null
}

export interface Row {
  readonly ids: readonly number[]
  /** Ones where left out. */
  readonly mask?: readonly number[]
  /** Zeros where left out. */
  readonly types?: readonly number[]
}

type Fill = (row: Row, place: number) => number

/** One number for each token. */
const SEQUENCES: ReadonlyMap<string, Fill> = new Map<string, Fill>([
  ['input_ids', ({ ids }, place) => ids[place] ?? 0],
  ['attention_mask', ({ mask }, place) => mask?.[place] ?? 1],
  ['token_type_ids', ({ types }, place) => types?.[place] ?? 0],
  ['position_ids', (_, place) => place],
])

/** One number for the whole row. */
const SWITCHES: ReadonlyMap<string, number> = new Map([
  ['use_cache_branch', 0],
  // 0 asks for the logits of all positions.
  ['num_logits_to_keep', 0],
  ['logits_to_keep', 0],
])

const CACHE = /past|cache/

/** The graph's inputs for one row. @throws EngineError `unknown-input`, naming an input that nothing here knows how to fill */
export function buildFeeds(inputs: readonly PreparedInput[], row: Row, layout: CacheLayout): Feeds {
  return Object.fromEntries(
    inputs.map((input) => {
      const feed = sequenceFeed(input, row) ?? switchFeed(input) ?? cacheFeed(input, layout)
      if (feed === null)
        throw new EngineError('unknown-input', `The model asks for an input that is not known: ${input.name}.`, { name: input.name })
      return [input.name, feed]
    }),
  )
}

function sequenceFeed({ name, elementType }: PreparedInput, row: Row): Feed | null {
  const fill = SEQUENCES.get(name)
  if (fill === undefined || elementType === 'float16') return null
  return feedOf(
    elementType,
    [1, row.ids.length],
    row.ids.map((_, place) => fill(row, place)),
  )
}

function switchFeed({ name, elementType, dims }: PreparedInput): Feed | null {
  const value = SWITCHES.get(name)
  return value === undefined
    ? null
    : feedOf(
        elementType,
        dims.map(() => 1),
        [value],
      )
}

/**
 * A cache without positions. [B, heads, positions, width] and [2, B, heads, positions, width] are the usual shapes; of dimensions that
 * are not numbers, one named after the past, else the last but one, counts positions.
 */
function cacheFeed({ name, elementType, dims }: PreparedInput, layout: CacheLayout): Feed | null {
  if (!CACHE.test(name) || dims.length < 3 || (elementType !== 'float32' && elementType !== 'float16')) return null
  const named = dims.findIndex((size) => typeof size === 'string' && CACHE.test(size) && size.includes('length'))
  const positions = named < 0 ? dims.length - 2 : named
  const sizes = dims.map((size, axis) => {
    if (axis === positions) return 0
    if (typeof size === 'number') return size
    if (axis === dims.length - 1) return layout.headWidth
    return axis === dims.length - 3 && dims.length > 3 ? layout.heads : 1
  })
  const known = sizes.filter((size) => size !== null)
  return known.length === sizes.length ? feedOf(elementType, known, []) : null
}

function feedOf(elementType: PreparedInput['elementType'], dims: readonly number[], values: readonly number[]): Feed {
  if (values.length !== sizeOf(dims)) throw new RangeError(`${values.length} values for a shape of ${sizeOf(dims)}`)
  const data: FeedData = MAKERS[elementType](values)
  return elementType === 'bool' || elementType === 'float16' ? { dims, data, type: elementType } : { dims, data }
}

const MAKERS: Readonly<Record<PreparedInput['elementType'], (values: readonly number[]) => FeedData>> = {
  int64: (values) => BigInt64Array.from(values, BigInt),
  int32: (values) => Int32Array.from(values),
  float32: (values) => Float32Array.from(values),
  // Only zero has one bit pattern in both; nothing else is fed as float16.
  float16: (values) => Uint16Array.from(values),
  bool: (values) => Uint8Array.from(values),
}
