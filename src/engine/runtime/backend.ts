// Which backend runs the model, and why: WebGPU where there is one that agrees with WASM on a self-check, else WASM.

import type { PreparedModel } from '#graph/prepare'
import type { Backend, BackendReason, BackendReport, WeightForm, WeightReport } from '#protocol/model-api'
import { float32At } from '#tensor/vector'
import type { Feeds, GraphSession, Runtime, RuntimeOptions } from './session.ts'
import { chooseWeights, type WeightSizes } from './weights.ts'

/** What the surroundings offer. */
export interface BackendEnvironment {
  /** Name of the graphics adapter, or why there is none. */
  readonly adapter: () => Promise<{ readonly name: string } | 'no-webgpu' | 'no-adapter'>
  readonly threads: number
  readonly isolated: boolean
  /** Bytes of memory of the device, null where the browser does not say. */
  readonly memory: number | null
  readonly assets: string | null
  readonly notes: Notes
  readonly loadRuntime: (options: RuntimeOptions) => Promise<Runtime>
}

/** Small facts that outlive the page, such as the outcome of a self-check. */
export interface Notes {
  read(key: string): Promise<string | null>
  write(key: string, value: string): Promise<void>
}

/** One input on which both backends are compared. */
export interface SelfCheck<Variant extends PreparedModel = PreparedModel> {
  /** Identifies the model: its outcome is remembered per model and adapter. */
  readonly key: string
  readonly feedsOf: (model: Variant) => Feeds
  readonly logits: string
}

/** A model in the form that a backend is served best with. */
export interface Preparation<Variant extends PreparedModel = PreparedModel> {
  readonly sizes: WeightSizes
  /** The fullest first; the others are for backends on which that does not start. */
  variants(form: WeightForm): Iterable<Variant>
}

/** What the reader prefers. */
export interface Wishes {
  readonly backend: Backend | 'auto'
  readonly weights: WeightForm | 'auto'
  readonly gradients?: 'yes' | 'if-small'
}

export interface StartedSession<Variant extends PreparedModel = PreparedModel> {
  readonly session: GraphSession
  /** What started it, for other sessions beside it: all of one runtime wait for each other. */
  readonly runtime: Runtime
  /** What was started. */
  readonly prepared: Variant
  readonly report: BackendReport
  readonly weights: WeightReport
}

/** WebGPU may differ from WASM by this much in a logit, relative to the larger of 1 and the largest logit. */
const SELF_CHECK_TOLERANCE = 1e-3

/**
 * Starts a session on the backend that the reader wants, as far as it works here.
 * @throws EngineError when WASM itself fails; WebGPU's failures fall back to WASM and say so in the report
 */
export async function startSession<Variant extends PreparedModel>(
  model: Preparation<Variant>,
  wishes: Wishes,
  check: SelfCheck<Variant>,
  environment: BackendEnvironment,
  onSelfCheck: () => void,
): Promise<StartedSession<Variant>> {
  const wanted = wishes.backend
  const onWasm = async (reason: BackendReason, selfCheckDifference: number | null = null): Promise<StartedSession<Variant>> => {
    const runtime = await environment.loadRuntime(runtimeOptions('wasm', environment))
    const weights = chooseWeights(model.sizes, 'wasm', wishes.weights, environment.memory)
    const started = report('wasm', reason, selfCheckDifference, environment)
    try {
      return { ...(await createFirst(runtime, model.variants(weights.form))), runtime, report: started, weights }
    } catch (error) {
      if (weights.reason !== 'faster-on-wasm') throw error
      // There was less memory than the browser said.
      const packed: WeightReport = { ...weights, form: 'packed', reason: 'little-memory', bytes: model.sizes.packed }
      return { ...(await createFirst(runtime, model.variants('packed'))), runtime, report: started, weights: packed }
    }
  }
  if (wanted === 'wasm') return onWasm('chosen-by-reader')
  const adapter = await environment.adapter()
  if (typeof adapter === 'string') return onWasm(adapter)

  const noteKey = `self-check:${check.key}:${adapter.name}`
  const remembered = parseDifference(await environment.notes.read(noteKey))
  if (remembered !== null && remembered > SELF_CHECK_TOLERANCE) return onWasm('webgpu-disagrees', remembered)
  const weights = chooseWeights(model.sizes, 'webgpu', wishes.weights, environment.memory)
  const runtime = await environment.loadRuntime(runtimeOptions('webgpu', environment)).catch(() => null)
  if (runtime === null) return onWasm('webgpu-failed')
  for (const prepared of model.variants(weights.form)) {
    let session: GraphSession | null = null
    try {
      session = await runtime.create(prepared, 'webgpu')
      let difference = remembered
      if (difference === null) {
        onSelfCheck()
        difference = await compareWithWasm(runtime, session, prepared, check)
        await environment.notes.write(noteKey, String(difference))
      }
      if (difference <= SELF_CHECK_TOLERANCE) {
        return { session, runtime, prepared, report: report('webgpu', 'agrees-with-wasm', difference, environment), weights }
      }
      await releaseQuietly(session)
      return onWasm('webgpu-disagrees', difference)
    } catch {
      await releaseQuietly(session)
    }
  }
  return onWasm('webgpu-failed')
}

/** The first variant that starts on WASM. @throws EngineError of the last one */
async function createFirst<Variant extends PreparedModel>(
  runtime: Runtime,
  variants: Iterable<Variant>,
): Promise<Pick<StartedSession<Variant>, 'session' | 'prepared'>> {
  let failure: unknown = null
  for (const prepared of variants) {
    try {
      return { session: await runtime.create(prepared, 'wasm'), prepared }
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** A session that failed may fail once more when it is released; the reader's model must start all the same. */
async function releaseQuietly(session: GraphSession | null): Promise<void> {
  await session?.release().catch(() => undefined)
}

/** Largest difference of a logit between the two backends, relative to max(1, largest |logit|); Infinity for NaN. */
async function compareWithWasm<Variant extends PreparedModel>(
  runtime: Runtime,
  webgpu: GraphSession,
  model: Variant,
  check: SelfCheck<Variant>,
): Promise<number> {
  const feeds = check.feedsOf(model)
  const ours = (await webgpu.run(feeds, [check.logits]))[check.logits]
  const wasm = await runtime.create(model, 'wasm')
  try {
    const reference = (await wasm.run(feeds, [check.logits]))[check.logits]
    return ours && reference ? relativeDifference(ours.data, reference.data) : Number.POSITIVE_INFINITY
  } finally {
    await releaseQuietly(wasm)
  }
}

function relativeDifference(ours: Float32Array, reference: Float32Array): number {
  if (ours.length !== reference.length) return Number.POSITIVE_INFINITY
  const scale = reference.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
  return reference.reduce((largest, value, i) => {
    const gap = Math.abs(float32At(ours, i) - value) / scale
    return Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(largest, gap)
  }, 0)
}

function runtimeOptions(backend: Backend, environment: BackendEnvironment): RuntimeOptions {
  return { backend, threads: environment.threads, assets: environment.assets }
}

function report(
  backend: Backend,
  reason: BackendReason,
  selfCheckDifference: number | null,
  environment: BackendEnvironment,
): BackendReport {
  return { backend, reason, threads: environment.threads, isolated: environment.isolated, selfCheckDifference }
}

function parseDifference(note: string | null): number | null {
  if (note === null) return null
  const value = Number(note)
  return note !== '' && !Number.isNaN(value) ? value : null
}
