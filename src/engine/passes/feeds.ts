// What a model is fed for one row of tokens: ids, a mask, positions, and caches of length zero, each in the type and shape that the
// graph asks for. Inputs are told apart by the names that exporters have agreed on.

import type { PreparedInput } from '#graph/model-inputs'
import { sizeOf } from '#tensor/tensor'
import { elementAt } from '#tensor/vector'
import type { Token } from '#text/token'
import { EngineError } from '../error.ts'
import type { Feed, FeedData, Feeds } from '../runtime/session.ts'

/** What the graph does not say of its inputs. */
export interface InputConvention {
  /** Of a cache whose shape is open; null where the configuration does not say. */
  readonly heads: number | null
  readonly headWidth: number | null
  /** The fields of config.json that would say it. */
  readonly lacking?: { readonly heads: string; readonly headWidth: string }
  /** The position of the first token: families that number the padding have others start behind it. Default 0. */
  readonly positionStart?: number
}

export interface Row {
  readonly ids: readonly number[]
  /** Ones where left out. */
  readonly mask?: readonly number[]
  /** Zeros where left out. */
  readonly types?: readonly number[]
  /** Tokens before these, whose keys and values the model is fed; none unless given. */
  readonly past?: number
}

/** A row of tokens as it is fed. */
export function inputRow(tokens: readonly Token[]): Row {
  const ids = tokens.map(({ id }) => id)
  return tokens.some(({ type = 0 }) => type !== 0) ? { ids, types: tokens.map(({ type = 0 }) => type) } : { ids }
}

type Fill = (row: Row, place: number, convention: InputConvention) => number

const idAt: Fill = ({ ids }, place) => elementAt(ids, place)
const maskAt: Fill = ({ mask }, place) => (mask === undefined ? 1 : elementAt(mask, place))
const typeAt: Fill = ({ types }, place) => (types === undefined ? 0 : elementAt(types, place))
const placeOf: Fill = ({ past = 0 }, place) => past + place
const positionOf: Fill = ({ past = 0 }, place, { positionStart = 0 }) => positionStart + past + place
const zero: Fill = () => 0

/** One number for each token. */
const SEQUENCES: ReadonlyMap<string, Fill> = new Map<string, Fill>([
  ['input_ids', idAt],
  ['input_word_ids', idAt],
  ['token_ids', idAt],
  ['ids', idAt],
  ['attention_mask', maskAt],
  ['input_mask', maskAt],
  ['token_type_ids', typeAt],
  ['segment_ids', typeAt],
  ['input_type_ids', typeAt],
  ['position_ids', positionOf],
  ['cache_position', placeOf],
  // What the library that these models come from takes where nothing is said.
  ['task_type_ids', zero],
])

/** As many zeros as the last axis says for each token: places on a page, of which a text has none. */
const BOXES: ReadonlySet<string> = new Set(['bbox'])

/** One number for the whole row. */
const SWITCHES: ReadonlyMap<string, (tokens: number, past: number) => number> = new Map<string, (tokens: number, past: number) => number>([
  ['use_cache_branch', () => 0],
  // 0 asks for the logits of all positions.
  ['num_logits_to_keep', () => 0],
  ['logits_to_keep', () => 0],
  ['past_sequence_length', (_, past) => past],
  ['beam_idx', () => 0],
  ['total_sequence_length', (tokens, past) => past + tokens],
  // Operators that keep a cache count the place of the last token.
  ['seqlens_k', (tokens, past) => past + tokens - 1],
])

const CACHE = /past|cache/
/** Names of an axis that counts the positions in a cache. */
const POSITIONS = /past|cache|seq|len/
const NOT_POSITIONS = /batch|head|dim|width/

/** Why an input cannot be filled, by what its name says. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/embeds/, 'it takes embeddings in place of token ids'],
  [/^encoder_|cross/, 'it is the second half of a pair, and reads what the first half makes'],
  [/^decoder_/, 'it reads one text and continues another'],
  [/pixel|image/, 'it looks at pictures'],
  [/audio|input_features|input_values/, 'it listens to sound'],
  [CACHE, 'its cache has a shape that cannot be made empty'],
]

/**
 * The graph's inputs for one row.
 * @throws EngineError `unknown-input`, naming an input that nothing here knows how to fill; `config-field` where the configuration does not
 *   say what is needed to fill one
 */
export function buildFeeds(inputs: readonly PreparedInput[], row: Row, convention: InputConvention): Feeds {
  return Object.fromEntries(
    inputs.map((input) => {
      const feed = sequenceFeed(input, row, convention) ?? boxFeed(input, row) ?? switchFeed(input, row) ?? cacheFeed(input, convention)
      if (feed === null) throw unknownInput(input.name)
      return [input.name, feed]
    }),
  )
}

function unknownInput(name: string): EngineError {
  const reason = REASONS.find(([pattern]) => pattern.test(name))?.[1]
  const why = reason === undefined ? '' : `: ${reason}`
  return new EngineError('unknown-input', `The model asks for an input that is not known: ${name}${why}.`, { name })
}

/** Names from graphs of another framework end in the place of an output. */
function plainName(name: string): string {
  return name.replace(/:0$/, '')
}

/** Whether an input has a number for each token. */
export function isSequence(name: string): boolean {
  return SEQUENCES.has(plainName(name))
}

export function isTokenIds(name: string): boolean {
  return SEQUENCES.get(plainName(name)) === idAt
}

export function isMask(name: string): boolean {
  return SEQUENCES.get(plainName(name)) === maskAt
}

/** Exports that state a number of rows were traced with it. */
export function statesRows({ name, dims }: PreparedInput): boolean {
  return dims.length > 1 && (dims[0] === 1 || (isTokenIds(name) && typeof dims[0] === 'number'))
}

/** [T], [B,T], or more axes of a stated length before the last: positions in several directions, a mask of keys for all queries. */
function sequenceFeed({ name, elementType, dims }: PreparedInput, row: Row, convention: InputConvention): Feed | null {
  const fill = SEQUENCES.get(plainName(name))
  if (fill === undefined || elementType === 'float16') return null
  // A mask is of all that is attended to.
  const tokens = row.ids.length + (fill === maskAt ? (row.past ?? 0) : 0)
  const lead = dims.length === 0 ? [1] : dims.slice(0, -1).map((size) => (typeof size === 'number' ? size : 1))
  // Among more axes, one of open length may be the queries', for whom a mask would have to say who sees whom.
  const isPlain = dims.slice(1, -1).every((size, at) => typeof size === 'number' || (at === 0 && /batch/.test(size ?? '')))
  // Real numbers in a mask of many axes may be added or multiplied.
  if (!isPlain || (dims.length > 2 && elementType === 'float32')) return null
  const values = Array.from({ length: tokens }, (_, place) => fill(row, place, convention))
  return feedOf(elementType, [...lead, tokens], Array.from({ length: sizeOf(lead) }, () => values).flat())
}

function boxFeed({ name, elementType, dims }: PreparedInput, { ids }: Row): Feed | null {
  const width = dims.at(-1)
  if (!BOXES.has(plainName(name)) || dims.length !== 3 || typeof width !== 'number' || elementType === 'float16') return null
  return feedOf(elementType, [1, ids.length, width], new Array<number>(ids.length * width).fill(0))
}

function switchFeed({ name, elementType, dims }: PreparedInput, { ids, past = 0 }: Row): Feed | null {
  const value = SWITCHES.get(plainName(name))
  return value === undefined || elementType === 'float16'
    ? null
    : feedOf(
        elementType,
        dims.map(() => 1),
        [value(ids.length, past)],
      )
}

/**
 * A cache without positions. [B, heads, positions, width] and [2, B, heads, positions, width] are the usual shapes, with heads behind
 * positions, joined to the batch, or left out in others. Positions are the axis that is named after them, else the last but one.
 * A state of three axes that are all stated but the batch is no list of positions: it starts with zeros.
 */
function cacheFeed({ name, elementType, dims }: PreparedInput, { heads, headWidth, lacking }: InputConvention): Feed | null {
  if (!CACHE.test(name) || dims.length < 3 || (elementType !== 'float32' && elementType !== 'float16')) return null
  const [, ...inner] = dims
  const stated = inner.filter((size) => typeof size === 'number')
  if (dims.length === 3 && stated.length === inner.length)
    return feedOf(elementType, [1, ...stated], new Array<number>(sizeOf(stated)).fill(0))
  const named = dims.findIndex((size) => typeof size === 'string' && POSITIONS.test(size) && !NOT_POSITIONS.test(size))
  const positions = named < 0 ? dims.length - 2 : named
  // A cache of stated length holds that many positions, and cannot be empty.
  if (typeof dims[positions] === 'number' && dims[positions] > 0) return null
  const width = positions === dims.length - 1 ? dims.length - 2 : dims.length - 1
  const batch = dims.findIndex((size) => typeof size !== 'number')
  const sizes = dims.map((size, axis) => {
    if (axis === positions) return 0
    if (typeof size === 'number') return size
    if (axis === width) return headWidth ?? 'headWidth'
    return axis !== batch || /head/.test(size ?? '') ? (heads ?? 'heads') : 1
  })
  const known = sizes.filter((size) => typeof size === 'number')
  if (known.length === sizes.length) return feedOf(elementType, known, [])
  const field = lacking?.[sizes.includes('heads') ? 'heads' : 'headWidth']
  if (field === undefined) return null
  throw new EngineError('config-field', `config.json does not say ${field} so that it can be read, and the input ${name} needs it.`, {
    field,
    name,
  })
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
