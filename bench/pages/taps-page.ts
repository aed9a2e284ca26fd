// The page in which one form of a model is timed: as the engine runs it, without taps, and as its file was shipped.

import * as ort from 'onnxruntime-web/wasm'
import type { Prediction } from '#answers/answer-kinds'
import { conventionOf, parseConfig } from '#engine/model/config'
import { feedsFor, lastOf } from '#engine/model/model-session'
import { buildFeeds, type Row } from '#engine/passes/feeds'
import { loadRuntime } from '#engine/runtime/session'
import type { PreparedInput } from '#graph/model-inputs'
import { openModel } from '#graph/open-model'
import { instrumentModel } from '#graph/prepare'
import { softmax } from '#tensor/softmax'
import type { TokenRow } from '#text/token'
import { type FetchedModel, fetchModel } from './model-files.ts'
import { openEngine } from './open-engine.ts'
import { modelFolder, RUNTIME } from './places.ts'
import { type Answer, assertSame, takeTurns, warmUp } from './turns.ts'

export type Contestant = 'tapped' | 'untapped' | 'shipped'

export interface TapsRequest {
  readonly id: string
  readonly weights: 'auto' | 'packed' | 'float32'
  readonly text: string
  readonly lengths: readonly number[]
  readonly warmUpMs: number
}

export interface TapsBench {
  /** Loads and warms up; resolves to the tokens at each length: the model may take fewer than were asked for. */
  open(request: TapsRequest): Promise<readonly number[]>
  /** One call of every contestant at the length of that place, in milliseconds. */
  round(place: number, round: number): Promise<Readonly<Record<Contestant, number>>>
}

declare global {
  interface Window {
    tapsBench: TapsBench
  }
}

type Prepare = (row: TokenRow) => Answer

/** The file as shipped rounds differently from unpacked weights: beyond this much of a probability it is another model. */
const SAME_ANSWER = 2e-3
/** Longer inputs would take all the time for few calls. */
const WARM_UP_TOKENS = 64

let lengths: readonly ReadonlyMap<Contestant, Answer>[] = []

window.tapsBench = {
  async open({ id, weights, text, lengths: asked, warmUpMs }) {
    const fetched = await fetchModel(modelFolder(id))
    const model = await openEngine(fetched.files, weights)
    const row = model.tokenizer.encode(text)
    const contestants: ReadonlyMap<Contestant, Prepare> = new Map([
      ['tapped', (cut: TokenRow) => async () => bestIn((await model.run(cut)).prediction)],
      ['untapped', await openUntapped(fetched, weights)],
      ['shipped', await openShipped(fetched)],
    ])
    const rows = asked.map((tokens) => cutTo(row, Math.min(tokens, model.card.maxTokens)))
    lengths = rows.map((cut) => new Map([...contestants].map(([name, prepare]) => [name, prepare(cut)])))
    const warm = lengths[asked.findLastIndex((tokens) => tokens <= WARM_UP_TOKENS)] ?? new Map()
    for (const answer of warm.values()) await warmUp(answer, warmUpMs)
    for (const [place, answers] of lengths.entries()) await assertSame(answers, SAME_ANSWER, `${asked[place]} tokens of ${id}`)
    return rows.map(({ tokens }) => tokens.length)
  },
  async round(place, round) {
    const times = await takeTurns(lengths[place] ?? new Map<Contestant, Answer>(), round)
    const timeOf = (name: Contestant): number => times.get(name) ?? Number.NaN
    return { tapped: timeOf('tapped'), untapped: timeOf('untapped'), shipped: timeOf('shipped') }
  },
}

/** The engine's graph without taps, asked for the answer alone. */
async function openUntapped({ files }: FetchedModel, weights: TapsRequest['weights']): Promise<Prepare> {
  const form = weights === 'float32' ? 'float32' : 'packed'
  const prepared = instrumentModel(openModel(files.onnx, files), { expose: false, weights: form, pickPositions: true })
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: RUNTIME })
  const session = await runtime.create(prepared, 'wasm')
  const convention = conventionOf(parseConfig(files.config))
  const { logits } = prepared.outputs
  return (row) => {
    const feeds = feedsFor({ ...prepared, gradients: null }, convention, row, lastOf(row))
    return async () => {
      const output = (await session.run(feeds, [logits]))[logits]
      return bestOf(output?.data ?? new Float32Array(), output?.dims.at(-1) ?? 0)
    }
  }
}

/** The file as it is in onnxruntime-web, asked for its logits: of every position, as it gives no others. */
async function openShipped({ files, data }: FetchedModel): Promise<Prepare> {
  const session = await ort.InferenceSession.create(files.onnx, { executionProviders: ['wasm'], externalData: [...data] })
  const layout = conventionOf(parseConfig(files.config))
  const inputs = session.inputMetadata.map(inputOf)
  return ({ tokens }) => {
    const row: Row = { ids: tokens.map(({ id }) => id) }
    const feeds = Object.fromEntries(
      Object.entries(buildFeeds(inputs, row, layout)).map(([name, feed]) => [name, new ort.Tensor(feed.data, feed.dims)]),
    )
    return async () => {
      const { logits } = await session.run(feeds, ['logits'])
      const values = logits?.data
      if (!(values instanceof Float32Array)) throw new Error('the model gave no logits')
      const best = bestOf(values, logits?.dims.at(-1) ?? 0)
      logits?.dispose()
      return best
    }
  }
}

function inputOf(metadata: ort.InferenceSession.ValueMetadata): PreparedInput {
  const { name, isTensor } = metadata
  if (!isTensor || (metadata.type !== 'int64' && metadata.type !== 'float32')) throw new Error(`an input of another type: ${name}`)
  return { name, elementType: metadata.type, dims: metadata.shape }
}

function cutTo(row: TokenRow, length: number): TokenRow {
  if (row.tokens.length < length) throw new Error(`the text has ${row.tokens.length} tokens, fewer than ${length}`)
  return { ...row, tokens: row.tokens.slice(0, length) }
}

/** The largest probability of an answer. */
function bestIn(prediction: Prediction): number {
  if (prediction.kind === 'classes') return Math.max(...prediction.probabilities)
  if (prediction.kind === 'tokens') return prediction.positions[0]?.candidates[0]?.probability ?? Number.NaN
  throw new Error(`nothing to compare in ${prediction.kind}`)
}

/** The largest probability at the last position of logits [..., width]. */
function bestOf(logits: Float32Array, width: number): number {
  return softmax(logits.subarray(logits.length - width)).reduce((best, value) => Math.max(best, value), 0)
}
