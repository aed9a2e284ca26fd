// Who is timed: our engine as the page runs it, and the same unmodified file in onnxruntime-web and in transformers.js.

import { env, pipeline } from '@huggingface/transformers'
import * as ort from 'onnxruntime-web/wasm'
import { type LoadedModel, startModel } from '#engine/model'
import type { Run } from '#engine/run-cache'
import { loadRuntime } from '#engine/session'
import { prepareModel } from '#graph/prepare'
import { softmax } from '#tensor/softmax'

/** Answers a text; resolves to the probability of the model's second class, by which the answers are compared. */
export type Answer = () => Promise<number>

export interface Contender {
  readonly id: string
  /** Makes what is timed; what happens before is not. */
  prepare(text: string): Answer
}

const MODEL = new URL('../models/minilm-sst2/', location.href)
const RUNTIME = new URL('../ort/', location.href).href
const GRAPH = 'onnx/model_quantized.onnx'

/** All contenders, each with its model loaded, on WASM with one thread. */
export async function openContenders(): Promise<readonly Contender[]> {
  const graph = new Uint8Array(await (await fetchFile(GRAPH)).arrayBuffer())
  const model = await openEngine(graph)
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

function probabilitiesOf({ prediction }: Run): Float32Array {
  return prediction.kind === 'classes' ? prediction.probabilities : new Float32Array()
}

/** The engine's model, started as its worker starts it. */
async function openEngine(graph: Uint8Array): Promise<LoadedModel> {
  const json = async (path: string): Promise<unknown> => (await fetchFile(path)).json()
  const files = {
    name: 'minilm-sst2',
    fingerprint: 'bench',
    file: GRAPH,
    onnx: graph,
    external: () => undefined,
    fileBytes: graph.byteLength,
    chatTemplate: null,
    license: null,
    config: await json('config.json'),
    tokenizer: await json('tokenizer.json'),
    tokenizerConfig: await json('tokenizer_config.json'),
    checked: 'size' as const,
    kept: 'unavailable' as const,
  }
  const environment = {
    adapter: async () => 'no-webgpu' as const,
    threads: 1,
    isolated: crossOriginIsolated,
    memory: null,
    assets: RUNTIME,
    notes: { read: async () => null, write: async () => {} },
    loadRuntime,
  }
  return startModel(files, { backend: 'wasm', weights: 'auto' }, environment, () => {})
}

/** Our session without taps: what the taps themselves cost. */
async function openUntapped(graph: Uint8Array, idsOf: (text: string) => readonly number[]): Promise<Contender> {
  const prepared = prepareModel(graph, { instrument: false })
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
  env.allowRemoteModels = false
  env.allowLocalModels = true
  // A path, not an address: the library looks for some of the files only there.
  env.localModelPath = new URL('../', MODEL).pathname
  env.useBrowserCache = false
  const { wasm } = env.backends.onnx
  if (!wasm) throw new Error('transformers.js has no WASM runtime')
  wasm.wasmPaths = RUNTIME
  wasm.numThreads = 1
  const classify = await pipeline('text-classification', 'minilm-sst2', { device: 'wasm', dtype: 'q8' })
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

async function fetchFile(path: string): Promise<Response> {
  const response = await fetch(new URL(path, MODEL))
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response
}

function second(probabilities: Float32Array): number {
  return probabilities[1] ?? Number.NaN
}
