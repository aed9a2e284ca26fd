// Who is timed: our engine as the page runs it, and the same unmodified file in onnxruntime-web and in transformers.js.

import { pipeline } from '@huggingface/transformers'
import * as ort from 'onnxruntime-web/wasm'
import type { ForwardPass } from '#engine/passes/pass-cache'
import { loadRuntime } from '#engine/runtime/session'
import { prepareModel } from '#graph/prepare'
import { softmax } from '#tensor/softmax'
import { fetchModel } from './model-files.ts'
import { openEngine } from './open-engine.ts'
import { modelFolder, RUNTIME } from './places.ts'
import { takeSiteFiles } from './transformers.ts'
import type { Answer } from './turns.ts'

export interface Contender {
  readonly id: string
  /** Makes what is timed; what happens before is not. Answers with the probability of the model's second class. */
  prepare(text: string): Answer
}

const MODEL = 'minilm-sst2'

/** All contenders, each with its model loaded, on WASM with one thread. */
export async function openContenders(): Promise<readonly Contender[]> {
  const { files } = await fetchModel(modelFolder(MODEL))
  const graph = files.onnx
  const model = await openEngine(files, 'auto')
  const idsOf = (text: string): readonly number[] => model.tokenizer.encode(text).tokens.map(({ id }) => id)
  return [
    {
      id: 'instrumented',
      prepare(text) {
        const row = model.tokenizer.encode(text)
        return async () => second(probabilitiesOf(await model.run(row)))
      },
    },
    await openUntapped(graph, idsOf),
    await openPlain('unmodified', graph, idsOf, {}),
    await openPlain('unpacked-once', graph, idsOf, { extra: { session: { disable_quant_qdq: '1' } } }),
    { id: 'answer', prepare: (text) => async () => second(probabilitiesOf(await model.run(model.tokenizer.encode(text)))) },
    await openPipeline(),
  ]
}

function probabilitiesOf({ prediction }: ForwardPass): Float32Array {
  return prediction.kind === 'classes' ? prediction.probabilities : new Float32Array()
}

/** Our session without taps: what the taps themselves cost. */
async function openUntapped(graph: Uint8Array, idsOf: (text: string) => readonly number[]): Promise<Contender> {
  const prepared = prepareModel(graph, { expose: false })
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: RUNTIME })
  const session = await runtime.create(prepared, 'wasm')
  const { logits } = prepared.outputs
  return {
    id: 'untapped',
    prepare(text) {
      const arrays = feedArrays(idsOf(text), session.inputNames)
      const feeds = Object.fromEntries(arrays.map(([name, data]) => [name, { dims: [1, data.length], data }]))
      return async () => second(softmax((await session.run(feeds, [logits]))[logits]?.data ?? new Float32Array()))
    },
  }
}

async function openPlain(
  id: string,
  graph: Uint8Array,
  idsOf: (text: string) => readonly number[],
  options: ort.InferenceSession.SessionOptions,
): Promise<Contender> {
  const session = await ort.InferenceSession.create(graph, { executionProviders: ['wasm'], ...options })
  return {
    id,
    prepare(text) {
      const arrays = feedArrays(idsOf(text), session.inputNames)
      const feeds = Object.fromEntries(arrays.map(([name, data]) => [name, new ort.Tensor(data, [1, data.length])]))
      return async () => {
        const data = (await session.run(feeds)).logits?.data
        if (!(data instanceof Float32Array)) throw new Error('the model gave no logits')
        return second(softmax(data))
      }
    },
  }
}

/** The pipeline as the library's documentation shows it. */
async function openPipeline(): Promise<Contender> {
  takeSiteFiles(modelFolder(MODEL))
  const classify = await pipeline('text-classification', MODEL, { device: 'wasm', dtype: 'q8' })
  return {
    id: 'pipeline',
    prepare: (text) => async () => {
      const scores = [await classify(text, { top_k: 2 })].flat(2)
      return scores.find(({ label }) => label === 'POSITIVE')?.score ?? Number.NaN
    },
  }
}

function feedArrays(ids: readonly number[], names: readonly string[]): readonly (readonly [string, BigInt64Array])[] {
  return names.map((name) => [
    name,
    BigInt64Array.from(ids, (id) => (name === 'input_ids' ? BigInt(id) : name === 'attention_mask' ? 1n : 0n)),
  ])
}

function second(probabilities: Float32Array): number {
  return probabilities[1] ?? Number.NaN
}
