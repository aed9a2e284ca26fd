// The only door to onnxruntime-web: starts the runtime and runs prepared graphs. Sessions never create or run at the
// same time, since WebGPU and WASM sessions of one runtime may not; every job goes through one chain.

import type * as Ort from 'onnxruntime-web'
import type { PreparedModel } from '#graph/prepare'
import type { Backend } from '#protocol/model-api'
import type { Tensor } from '#tensor/tensor'
import { EngineError } from '../error.ts'

export type FeedData = BigInt64Array | Int32Array | Float32Array | Uint16Array | Uint8Array

export interface Feed extends Tensor<FeedData> {
  /** Where the data's own type does not say it. */
  readonly type?: 'bool' | 'float16'
}

export type Feeds = Readonly<Record<string, Feed>>

export interface RuntimeOptions {
  readonly backend: Backend
  readonly threads: number
  /** Folder of the runtime's own files, ending in `/`; null where the package finds them itself (Node). */
  readonly assets: string | null
}

export interface GraphSession {
  readonly inputNames: readonly string[]
  /** Runs the graph once and copies the named float outputs out. @throws EngineError `run-failed` */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Readonly<Record<string, Tensor>>>
  release(): Promise<void>
}

/** What a session is made of. */
export type RunnableModel = Pick<PreparedModel, 'bytes' | 'externalData' | 'isHalf'>

export interface Runtime {
  /** @throws EngineError `session-failed` */
  create(model: RunnableModel, backend: Backend): Promise<GraphSession>
}

/**
 * They leave out roundings to float16 that the file asks for, which moves logits by up to 0.007 (onnxruntime-web 1.30, fixtures/zoo).
 * On float32 they change nothing beyond its own rounding.
 */
const HALF_CHANGING_OPTIMISERS = [
  'LayerNormFusionL1',
  'LayerNormFusionL2',
  'SimplifiedLayerNormFusion',
  'GeluFusionL1',
  'GeluFusionL2',
  'DivMulFusion',
].join(';')

/**
 * Loads the runtime that serves `backend`. The WebGPU runtimes can also run on WASM, which the self-check uses.
 * @throws EngineError `runtime-failed` when its files cannot be loaded
 */
export async function loadRuntime(options: RuntimeOptions): Promise<Runtime> {
  try {
    const ort = await importRuntime(options.backend)
    ort.env.logLevel = 'error'
    ort.env.wasm.numThreads = options.threads
    if (options.assets !== null) ort.env.wasm.wasmPaths = options.assets
    return createRuntime(ort)
  } catch (error) {
    throw new EngineError('runtime-failed', `The runtime could not be loaded: ${messageOf(error)}`, { backend: options.backend })
  }
}

async function importRuntime(backend: Backend): Promise<typeof Ort> {
  if (backend === 'wasm') return import('onnxruntime-web/wasm')
  return hasJspi() ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu')
}

/** JavaScript Promise Integration: the runtime that needs it is 10 MB smaller than the one that does without. */
function hasJspi(): boolean {
  return 'Suspending' in WebAssembly
}

function createRuntime(ort: typeof Ort): Runtime {
  let chain: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(job: () => Promise<Result>): Promise<Result> => {
    const turn = chain.then(job, job)
    chain = turn.catch(() => undefined)
    return turn
  }
  return {
    create: (model, backend) => inTurn(() => createSession(ort, model, backend, inTurn)),
  }
}

async function createSession(
  ort: typeof Ort,
  model: RunnableModel,
  backend: Backend,
  inTurn: <Result>(job: () => Promise<Result>) => Promise<Result>,
): Promise<GraphSession> {
  let session: Ort.InferenceSession
  try {
    session = await ort.InferenceSession.create(model.bytes, {
      executionProviders: [backend],
      graphOptimizationLevel: 'all',
      externalData: model.externalData.map(({ path, data }) => ({ path, data })),
      ...(model.isHalf ? { extra: { optimization: { disable_specified_optimizers: HALF_CHANGING_OPTIMISERS } } } : {}),
    })
  } catch (error) {
    throw new EngineError('session-failed', `The model could not be started: ${messageOf(error)}`, { backend })
  }
  return {
    inputNames: session.inputNames,
    run: (feeds, outputs) =>
      inTurn(async () => {
        try {
          return await runOnce(ort, session, feeds, outputs)
        } catch (error) {
          throw new EngineError('run-failed', `The model failed while running: ${messageOf(error)}`, { backend })
        }
      }),
    release: () => inTurn(() => session.release()),
  }
}

async function runOnce(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  feeds: Feeds,
  outputs: readonly string[],
): Promise<Readonly<Record<string, Tensor>>> {
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensorOf(ort, feed)]))
  const fetched = await session.run(inputs, outputs)
  const copied: Record<string, Tensor> = {}
  for (const name of outputs) {
    const tensor = fetched[name]
    const data = await tensor?.getData()
    if (!tensor || !(data instanceof Float32Array)) throw new Error(`output ${name} is missing or not float32`)
    copied[name] = { dims: tensor.dims, data: data.slice() }
    tensor.dispose()
  }
  return copied
}

function tensorOf(ort: typeof Ort, { dims, data, type }: Feed): Ort.Tensor {
  if (type === 'bool' && data instanceof Uint8Array) return new ort.Tensor('bool', data, dims)
  if (type === 'float16' && data instanceof Uint16Array) return new ort.Tensor('float16', data, dims)
  return new ort.Tensor(data, dims)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
