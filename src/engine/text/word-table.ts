// The word embeddings of a whole vocabulary, as the model looks them up: read by running the lookup by itself.

import type { LookupModel } from '#graph/lookup-model'
import { inSlices, type Steps } from '#tensor/slices'
import { float32At, outOfRange } from '#tensor/vector'
import type { Token, WordPlace } from '#text/token'
import { buildFeeds } from '../passes/feeds.ts'
import type { Removals } from '../passes/token-game.ts'
import type { GraphSession, Runtime } from '../runtime/session.ts'
import type { ModelTokenizer } from './tokenizer.ts'
import { typedWordOf } from './whole-words.ts'

export interface WordTable {
  readonly rows: number
  /** d, components of an embedding. */
  readonly width: number
  /** [d]: mean over the vocabulary. */
  readonly mean: Float32Array
  /** [rows, d]; null where it would take too much memory. */
  readonly data: Float32Array | null
}

/** A larger table is not kept: 134 MB, which SmolLM2's 49,152 rows of 576 numbers just fit into. */
const MOST_BYTES = 128 * 2 ** 20
/** Ids that are looked up at once. */
const CHUNK = 2048

const NO_CACHE = { heads: null, headWidth: null }

/** Rows that are looked at between two looks at whether the search may go on. */
const ROWS = 256
/** Nearest words that are remembered: of more different ones than a text has. */
const MOST_KNOWN = 4096

/**
 * The row that is closest to another one by angle, beside itself and rows of no length.
 * @param lengths [rows] of the rows
 */
function* nearestWord(
  data: Float32Array,
  { rows, width }: Pick<WordTable, 'rows' | 'width'>,
  lengths: Float32Array,
  id: number,
  isOffered: (id: number) => boolean,
): Steps<number | null> {
  const own = data.subarray(id * width, (id + 1) * width)
  let best: number | null = null
  let highest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < rows; row++) {
    const length = float32At(lengths, row)
    const cosine = row === id || length === 0 ? Number.NEGATIVE_INFINITY : productAt(data, row * width, own) / length
    if (cosine > highest && isOffered(row)) {
      best = row
      highest = cosine
    }
    if (row % ROWS === 0) yield ROWS * width
  }
  return best
}

function* lengthsOf(data: Float32Array, { rows, width }: Pick<WordTable, 'rows' | 'width'>): Steps<Float32Array> {
  const lengths = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    lengths[row] = Math.sqrt(productAt(data, row * width, data.subarray(row * width, (row + 1) * width)))
    if (row % ROWS === 0) yield ROWS * width
  }
  return lengths
}

/** Of a row of the table and a vector. Four sums at a time: none waits for the one before. Declared together they take twice as long. */
function productAt(data: Float32Array, place: number, vector: Float32Array): number {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  let at = 0
  for (; at + 3 < vector.length; at += 4) {
    first += float32At(data, place + at) * float32At(vector, at)
    second += float32At(data, place + at + 1) * float32At(vector, at + 1)
    third += float32At(data, place + at + 2) * float32At(vector, at + 2)
    fourth += float32At(data, place + at + 3) * float32At(vector, at + 3)
  }
  for (; at < vector.length; at++) first += float32At(data, place + at) * float32At(vector, at)
  return first + second + (third + fourth)
}

/** Nearest other words that a text could hold, or the word itself where there is none: those asked about lately are remembered. null without a table. */
export function neighbourIn(
  words: WordTable | null,
  { pieceOf, labelOf }: Pick<ModelTokenizer, 'pieceOf' | 'labelOf'>,
): Removals['neighbour'] {
  if (words === null || words.data === null) return null
  const { data } = words
  const known = new Map<number, number>()
  let lengths: Float32Array | null = null
  const isWord = (id: number): boolean => !/^\[.*\]$|^<.*>$/.test(pieceOf(id) ?? '[]')
  /** With another case, or another space before it, a word is still the same. */
  const plain = (id: number): string => (labelOf(id) ?? '').trim().toLowerCase()
  return async (id, pause) => {
    const before = known.get(id)
    if (before !== undefined) return before
    const own = plain(id)
    lengths ??= await inSlices(lengthsOf(data, words), pause)
    const found = await inSlices(
      nearestWord(data, words, lengths, id, (other) => isWord(other) && plain(other) !== own),
      pause,
    )
    known.set(id, found ?? id)
    const [oldest = id] = known.keys()
    if (known.size > MOST_KNOWN) known.delete(oldest)
    return found ?? id
  }
}

/**
 * Words whose embeddings in the place of a token would change the target most, down the gradient: HotFlip (Ebrahimi et al., 2018), equation
 * 4. Only words that the tokenizer makes one token of, in the place of that token.
 * @param gradient [d] at the token, of what is to become smaller
 * @returns steepest first
 */
export function steepestWords(
  { data, rows, width }: WordTable,
  tokenizer: Pick<ModelTokenizer, 'labelOf' | 'encodeWord'>,
  gradient: Float32Array,
  token: Pick<Token, 'label'>,
  place: WordPlace,
  count: number,
): readonly string[] {
  if (data === null) return []
  const slopes = Float32Array.from({ length: rows }, (_, id) => productAt(data, id * width, gradient))
  const own = token.label.trim().toLowerCase()
  const words: string[] = []
  for (const id of lowest(slopes, LOOKED_AT * count)) {
    const word = typedWordOf(id, tokenizer, place)
    if (word === null || word.toLowerCase() === own || words.includes(word)) continue
    if (words.push(word) >= count) break
  }
  return words
}

/** Of the steepest rows of a table many are no words. */
const LOOKED_AT = 40

/** Indices of the smallest numbers, in order. */
function lowest(values: Float32Array, count: number): readonly number[] {
  const sorted = values.toSorted()
  const limit = sorted[Math.min(count, values.length) - 1] ?? Number.POSITIVE_INFINITY
  return Array.from(values.keys())
    .filter((at) => (values[at] ?? Number.POSITIVE_INFINITY) <= limit)
    .sort((one, other) => float32At(values, one) - float32At(values, other))
}

/** @returns null where the lookup does not run by itself: what needs the table is then not offered */
export async function readWordTable(runtime: Runtime, lookup: LookupModel, rows: number): Promise<WordTable | null> {
  let session: GraphSession | null = null
  try {
    // Also beside WebGPU: a few copies are not worth a second device.
    session = await runtime.create(lookup, 'wasm')
    return await readAll(session, lookup, rows)
  } catch {
    return null
  } finally {
    await session?.release().catch(() => undefined)
  }
}

async function readAll(session: GraphSession, { inputs, output }: LookupModel, rows: number): Promise<WordTable | null> {
  let sums = new Float64Array()
  let data: Float32Array | null = null
  for (let first = 0; first < rows; first += CHUNK) {
    const ids = Array.from({ length: Math.min(CHUNK, rows - first) }, (_, at) => first + at)
    const found = (await session.run(buildFeeds(inputs, { ids }, NO_CACHE), [output]))[output]?.data
    const width = (found?.length ?? 0) / ids.length
    if (found === undefined || !Number.isInteger(width) || width === 0) return null
    if (first === 0) {
      sums = new Float64Array(width)
      if (rows * width * Float32Array.BYTES_PER_ELEMENT <= MOST_BYTES) data = new Float32Array(rows * width)
    }
    data?.set(found, first * width)
    addRows(sums, found)
  }
  return { rows, width: sums.length, mean: Float32Array.from(sums, (sum) => sum / rows), data }
}

/** Adds each row of a table to the sums of its columns. */
function addRows(sums: Float64Array, table: Float32Array): void {
  const width = sums.length
  for (let first = 0; first < table.length; first += width) {
    const row = table.subarray(first, first + width)
    for (let column = 0; column < width; column++) sums[column] = (sums[column] ?? outOfRange(column, width)) + componentOf(row, column)
  }
}

/** A local one: where modules are not bundled, as in Node, calls of an imported one cost more than the sum. */
function componentOf(row: Float32Array, column: number): number {
  return row[column] ?? outOfRange(column, row.length)
}
