// The word embeddings of a whole vocabulary, as the model looks them up: read by running the lookup by itself.

import type { LookupModel } from '#graph/prepare'
import { buildFeeds } from './feeds.ts'
import type { GraphSession, Runtime } from './session.ts'

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
    for (let at = 0; at < found.length; at++) sums[at % width] = (sums[at % width] ?? 0) + (found[at] ?? 0)
  }
  return { rows, width: sums.length, mean: Float32Array.from(sums, (sum) => sum / rows), data }
}
