// Runs computed beforehand, so that the page is explorable before the model has arrived. The file is one JSON header and
// the attention of every run as float16: 8 bytes of magic, header length (uint32), header (UTF-8), padding to 4, numbers.

import * as v from 'valibot'
import type { ClassAnswer } from '#answers/classes'
import type { SnapshotRefusal } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
import { floatToHalf, halfToFloat } from '#tensor/half'
import { EngineError } from '../error.ts'
import type { ForwardPass } from '../passes/pass-cache.ts'

/** Raised whenever the header or the layout changes, so that an old file is refused instead of misread. */
const VERSION = 1
const MAGIC = 'INSCOPE1'
const PREAMBLE_BYTES = MAGIC.length + 4

/** A snapshot is fetched before anything is shown: its promise is to stay under 300 kB. */
export const SNAPSHOT_LIMIT_BYTES = 300_000

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const token = v.object({
  id: count,
  piece: v.string(),
  label: v.string(),
  start: count,
  end: count,
  word: v.pipe(v.number(), v.integer()),
  source: v.picklist(['text', 'template', 'edit']),
})
const header = v.object({
  version: v.literal(VERSION),
  /** SHA-256 of the model file that made the runs. */
  model: v.string(),
  runs: v.array(
    v.object({
      text: v.string(),
      row: v.object({ tokens: v.pipe(v.array(token), v.minLength(1)), cutAt: v.nullable(count), wantedLength: count }),
      labels: v.array(v.string()),
      logits: v.array(v.number()),
      probabilities: v.array(v.number()),
      heads: v.array(count),
    }),
  ),
})

export interface Snapshot {
  readonly model: string
  readonly runs: readonly { readonly input: ModelInput; readonly run: ClassRun }[]
}

/** Only classifiers have snapshots. */
interface ClassRun extends ForwardPass {
  readonly prediction: ClassAnswer
}

/**
 * Snapshot bytes of unedited inputs and their runs.
 * @internal for `npm run snapshot` and tests
 */
export function encodeSnapshot({ model, runs }: Snapshot): Uint8Array {
  const head = new TextEncoder().encode(
    JSON.stringify({
      version: VERSION,
      model,
      runs: runs.map(({ input, run }) => ({
        text: input.text,
        row: run.row,
        labels: run.prediction.labels,
        logits: Array.from(run.prediction.logits),
        probabilities: Array.from(run.prediction.probabilities),
        heads: run.attention.layers.map((layer) => layer.heads),
      })),
    }),
  )
  const start = numbersStart(head.length)
  const values = runs.flatMap(({ run }) => run.attention.layers.map((layer) => layer.data))
  const bytes = new Uint8Array(start + 2 * values.reduce((sum, data) => sum + data.length, 0))
  const numbers = new Uint16Array(bytes.buffer, start)
  bytes.set(new TextEncoder().encode(MAGIC))
  new DataView(bytes.buffer).setUint32(MAGIC.length, head.length, true)
  bytes.set(head, PREAMBLE_BYTES)
  let at = 0
  for (const data of values) for (const value of data) numbers[at++] = floatToHalf(value)
  return bytes
}

/**
 * Reads a snapshot.
 * @param model SHA-256 of the model that the page will load; another model's snapshot is refused
 * @throws EngineError `snapshot-refused` with the reason in `data.reason`
 */
export function decodeSnapshot(bytes: Uint8Array, model: string | null): Snapshot {
  const decoder = new TextDecoder()
  if (bytes.length < PREAMBLE_BYTES || bytes.length > SNAPSHOT_LIMIT_BYTES) throw refusal('not-a-snapshot')
  if (decoder.decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) throw refusal('not-a-snapshot')
  const headBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(MAGIC.length, true)
  const start = numbersStart(headBytes)
  if (start > bytes.length || (bytes.length - start) % 2 !== 0) throw refusal('not-a-snapshot')
  const parsed = v.safeParse(header, parseJson(decoder.decode(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headBytes))))
  if (!parsed.success) throw refusal('outdated')
  if (model !== null && parsed.output.model !== model) throw refusal('foreign')
  const numbers = new Uint16Array(bytes.slice(start).buffer)
  let at = 0
  const take = (length: number): Float32Array => {
    const values = Float32Array.from(numbers.subarray(at, at + length), halfToFloat)
    at += length
    return values
  }
  const runs = parsed.output.runs.map(({ text, row, labels, logits, probabilities, heads }) => {
    const tokens = row.tokens.length
    const run: ClassRun = {
      row,
      prediction: {
        kind: 'classes',
        activation: 'softmax',
        labels,
        logits: Float32Array.from(logits),
        probabilities: Float32Array.from(probabilities),
      },
      attention: { tokens, layers: heads.map((count) => ({ heads: count, data: take(count * tokens * tokens) })) },
      precomputed: true,
      state: null,
      runMs: 0,
    }
    return { input: { text, edits: [] }, run }
  })
  if (at !== numbers.length) throw refusal('not-a-snapshot')
  return { model: parsed.output.model, runs }
}

function numbersStart(headBytes: number): number {
  return Math.ceil((PREAMBLE_BYTES + headBytes) / 4) * 4
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refusal('not-a-snapshot')
  }
}

function refusal(reason: SnapshotRefusal): EngineError {
  return new EngineError('snapshot-refused', `The snapshot was refused: ${reason}.`, { reason })
}
