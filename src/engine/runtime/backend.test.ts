import { describe, expect, it, vi } from 'vitest'
import type { PreparedModel } from '#graph/prepare'
import type { Backend, WeightForm } from '#protocol/model-api'
import { EngineError } from '../error.ts'
import { type BackendEnvironment, type Preparation, type SelfCheck, startSession } from './backend.ts'
import type { GraphSession } from './session.ts'
import type { WeightSizes } from './weights.ts'

const MODEL: PreparedModel = {
  bytes: new Uint8Array(),
  externalData: [],
  inputs: [],
  ports: [],
  interventions: {},
  outputs: { logits: 'logits', attentions: [], hiddenStates: [], embeddings: null, caches: [] },
  task: null,
  activation: null,
  answerWidth: null,
  heads: null,
  vocabulary: null,
  positionsInput: null,
  weights: { parameters: 0, precision: [], bytes: 0, unpackedBytes: 0 },
  isHalf: false,
  passes: [],
}
const SAME_SIZES: WeightSizes = { packed: 10, unpacked: 10 }
const UNPACKED: PreparedModel = { ...MODEL, vocabulary: 1 }
/** With more in its graph than the other two. */
const FULLER: PreparedModel = { ...MODEL, heads: 2 }
const preparationOf = (sizes: WeightSizes, hasFuller: boolean): Preparation => ({
  sizes,
  variants: (form) => [...(hasFuller ? [FULLER] : []), form === 'packed' ? MODEL : UNPACKED],
})
const CHECK: SelfCheck = { key: 'model', feedsOf: () => ({}), logits: 'logits' }

/** What a backend answers on the self-check, or where it fails. */
type Answer = readonly number[] | 'unpacked-fails' | 'create-fails' | 'run-fails' | 'release-fails'

interface Setting {
  readonly webgpu?: Answer
  readonly wasm?: Answer
  readonly adapter?: { readonly name: string } | 'no-webgpu' | 'no-adapter'
  readonly notes?: Map<string, string>
  readonly memory?: number | null
  readonly sizes?: WeightSizes
  /** A fuller variant is tried first: where it starts, or where it fails on any backend. */
  readonly fuller?: 'starts' | 'fails'
}

interface World {
  readonly environment: BackendEnvironment
  readonly notes: Map<string, string>
  /** What happened, in order: `runtime wasm`, `create webgpu`, `run webgpu`, `release wasm`. */
  readonly log: string[]
  /** The form of the model in each session that was created. */
  readonly forms: readonly WeightForm[]
  readonly onSelfCheck: () => void
  start(wanted: Backend | 'auto', weights?: WeightForm | 'auto'): ReturnType<typeof startSession>
}

function world({
  webgpu = [1, -2],
  wasm = [1, -2],
  adapter = { name: 'acme/gpu' },
  notes = new Map(),
  memory = null,
  sizes = SAME_SIZES,
  fuller,
}: Setting = {}): World {
  const log: string[] = []
  const forms: WeightForm[] = []
  const onSelfCheck = vi.fn()
  const session = (backend: Backend, answer: Answer): GraphSession => ({
    inputNames: [],
    run: async () => {
      log.push(`run ${backend}`)
      if (answer === 'run-fails') throw new EngineError('run-failed', 'device lost')
      const data = Float32Array.from(typeof answer === 'string' ? [9, 9] : answer)
      return { logits: { dims: [1, data.length], data } }
    },
    release: async () => {
      log.push(`release ${backend}`)
      if (answer === 'release-fails') throw new Error('already gone')
    },
  })
  const environment: BackendEnvironment = {
    adapter: async () => adapter,
    threads: 4,
    isolated: true,
    memory,
    assets: '/ort/',
    notes: {
      read: async (key) => notes.get(key) ?? null,
      write: async (key, value) => void notes.set(key, value),
    },
    loadRuntime: async (options) => {
      log.push(`runtime ${options.backend}`)
      expect(options).toMatchObject({ threads: 4, assets: '/ort/' })
      return {
        create: async (model, backend) => {
          log.push(`create ${backend}`)
          forms.push(model === UNPACKED ? 'float32' : 'packed')
          const answer = backend === 'webgpu' ? webgpu : wasm
          const tooLarge = model === UNPACKED && wasm === 'unpacked-fails'
          const tooFull = model === FULLER && fuller === 'fails'
          if (answer === 'create-fails' || tooLarge || tooFull) throw new EngineError('session-failed', 'no memory', { backend })
          return session(backend, answer)
        },
      }
    },
  }
  const start: World['start'] = (backend, weights = 'auto') =>
    startSession(preparationOf(sizes, fuller !== undefined), { backend, weights }, CHECK, environment, onSelfCheck)
  return { environment, notes, log, forms, onSelfCheck, start }
}

describe('the backend', () => {
  it.each(['no-webgpu', 'no-adapter'] as const)('is WASM where there is %s, and says so', async (reason) => {
    const { start, log, onSelfCheck } = world({ adapter: reason })
    const { report } = await start('auto')
    expect(report).toEqual({ backend: 'wasm', reason, threads: 4, isolated: true, selfCheckDifference: null })
    expect(log).toEqual(['runtime wasm', 'create wasm'])
    expect(onSelfCheck).not.toHaveBeenCalled()
  })

  it('is WASM when the reader chose it, and no adapter is looked for', async () => {
    const { start, environment, log } = world()
    const adapter = vi.spyOn(environment, 'adapter')
    expect((await start('wasm')).report).toMatchObject({ backend: 'wasm', reason: 'chosen-by-reader' })
    expect(adapter).not.toHaveBeenCalled()
    expect(log).toEqual(['runtime wasm', 'create wasm'])
  })

  it.each(['auto', 'webgpu'] as const)('is WebGPU (%s) when it agrees with WASM on the self-check', async (wanted) => {
    const { start, log, onSelfCheck } = world({ webgpu: [1.0005, -2], wasm: [1, -2] })
    const { report } = await start(wanted)
    expect(report).toMatchObject({ backend: 'webgpu', reason: 'agrees-with-wasm' })
    expect(report.selfCheckDifference).toBeCloseTo(0.00025, 6)
    expect(onSelfCheck).toHaveBeenCalledTimes(1)
    expect(log).toEqual(['runtime webgpu', 'create webgpu', 'run webgpu', 'create wasm', 'run wasm', 'release wasm'])
  })

  it.each(['auto', 'wasm'] as const)('starts the fullest variant that it can (%s)', async (wanted) => {
    expect((await world({ fuller: 'starts' }).start(wanted)).prepared).toBe(FULLER)
    const { start, log } = world({ fuller: 'fails' })
    const { prepared, report } = await start(wanted)
    expect(prepared).toBe(MODEL)
    expect(report.backend).toBe(wanted === 'auto' ? 'webgpu' : 'wasm')
    expect(log.slice(0, 3)).toEqual(
      wanted === 'auto' ? ['runtime webgpu', 'create webgpu', 'create webgpu'] : ['runtime wasm', 'create wasm', 'create wasm'],
    )
  })

  it('measures the difference relative to the largest logit, but not below one', async () => {
    expect((await world({ webgpu: [1000.5], wasm: [1000] }).start('auto')).report.reason).toBe('agrees-with-wasm')
    expect((await world({ webgpu: [0.0015], wasm: [0] }).start('auto')).report.reason).toBe('webgpu-disagrees')
    expect((await world({ webgpu: [0.0005], wasm: [0.0001] }).start('auto')).report.reason).toBe('agrees-with-wasm')
  })

  it('is WASM when WebGPU gives other numbers, and WebGPU is let go', async () => {
    const { start, log } = world({ webgpu: [1, -1.9] })
    const { report, session } = await start('auto')
    expect(report).toMatchObject({ backend: 'wasm', reason: 'webgpu-disagrees' })
    expect(report.selfCheckDifference).toBeCloseTo(0.05, 5)
    expect(log.slice(-3)).toEqual(['release webgpu', 'runtime wasm', 'create wasm'])
    await session.run({}, ['logits'])
    expect(log.at(-1)).toBe('run wasm')
  })

  it.each([
    ['NaN first', [Number.NaN, -2]],
    ['NaN last', [1, Number.NaN]],
    ['infinity', [Number.POSITIVE_INFINITY, -2]],
    ['too few numbers', [1]],
    ['too many numbers', [1, -2, 0]],
  ])('takes %s from WebGPU for a disagreement', async (_, webgpu) => {
    const { start } = world({ webgpu })
    expect((await start('auto')).report).toMatchObject({
      backend: 'wasm',
      reason: 'webgpu-disagrees',
      selfCheckDifference: Number.POSITIVE_INFINITY,
    })
  })

  it('takes NaN from WASM for a disagreement too', async () => {
    expect((await world({ wasm: [Number.NaN, -2] }).start('auto')).report.reason).toBe('webgpu-disagrees')
  })

  it.each(['create-fails', 'run-fails'] as const)('is WASM when WebGPU fails (%s), and nothing is remembered', async (webgpu) => {
    const { start, notes, log } = world({ webgpu })
    expect((await start('webgpu')).report).toMatchObject({ backend: 'wasm', reason: 'webgpu-failed', selfCheckDifference: null })
    expect(notes.size).toBe(0)
    expect(log.includes('release webgpu')).toBe(webgpu === 'run-fails')
  })

  it('lets both sessions go when WASM fails during the self-check', async () => {
    const { start, log } = world({ wasm: 'run-fails' })
    expect((await start('auto')).report.reason).toBe('webgpu-failed')
    expect(log).toEqual(expect.arrayContaining(['release wasm', 'release webgpu']))
  })

  it('starts even when a session cannot be let go', async () => {
    expect((await world({ webgpu: 'release-fails' }).start('auto')).report.reason).toBe('webgpu-disagrees')
    expect((await world({ webgpu: [9, 9], wasm: 'release-fails' }).start('auto')).report.reason).toBe('agrees-with-wasm')
  })

  it('fails when WASM itself cannot start', async () => {
    await expect(world({ wasm: 'create-fails', adapter: 'no-webgpu' }).start('auto')).rejects.toMatchObject({ kind: 'session-failed' })
    await expect(world({ wasm: 'create-fails', webgpu: 'create-fails' }).start('auto')).rejects.toMatchObject({ kind: 'session-failed' })
  })
})

describe('packed weights', () => {
  const sizes = { packed: 100 * 2 ** 20, unpacked: 500 * 2 ** 20 }

  it('are unpacked for WASM where memory allows, and stay packed for WebGPU', async () => {
    const wasm = world({ sizes, adapter: 'no-webgpu' })
    expect((await wasm.start('auto')).weights).toEqual({
      form: 'float32',
      reason: 'faster-on-wasm',
      bytes: sizes.unpacked,
      unpackedBytes: sizes.unpacked,
    })
    const webgpu = world({ sizes })
    expect((await webgpu.start('auto')).weights).toMatchObject({ form: 'packed', reason: 'webgpu', bytes: sizes.packed })
    expect([wasm.forms, webgpu.forms]).toEqual([['float32'], ['packed', 'packed']])
  })

  it('stay packed on small devices, where they are too large, and where the reader wants it', async () => {
    const small = world({ sizes, memory: 2 ** 30, adapter: 'no-webgpu' })
    expect((await small.start('auto')).weights).toMatchObject({ form: 'packed', reason: 'little-memory', bytes: sizes.packed })
    expect((await small.start('auto', 'float32')).weights).toMatchObject({ form: 'float32', reason: 'chosen-by-reader' })
    const large = world({ sizes: { packed: 2 ** 29, unpacked: 2 ** 31 }, memory: 2 ** 40, adapter: 'no-webgpu' })
    expect((await large.start('auto', 'float32')).weights).toMatchObject({ form: 'packed', reason: 'too-large' })
    expect((await world({ sizes, adapter: 'no-webgpu' }).start('auto', 'packed')).weights).toMatchObject({ reason: 'chosen-by-reader' })
  })

  it('are taken packed when there was less memory than thought', async () => {
    const { start, forms } = world({ sizes, wasm: 'unpacked-fails', adapter: 'no-webgpu' })
    expect((await start('auto')).weights).toMatchObject({ form: 'packed', reason: 'little-memory' })
    expect(forms).toEqual(['float32', 'packed'])
    await expect(start('auto', 'float32')).rejects.toMatchObject({ kind: 'session-failed' })
  })

  it('that are not there need no choice', async () => {
    expect((await world().start('wasm', 'float32')).weights).toMatchObject({ form: 'packed', reason: 'as-file' })
  })
})

describe('a verdict', () => {
  it('is remembered: agreement starts WebGPU without another check', async () => {
    const notes = new Map<string, string>()
    await world({ notes }).start('auto')
    const second = world({ notes })
    expect((await second.start('auto')).report).toMatchObject({ backend: 'webgpu', selfCheckDifference: 0 })
    expect(second.onSelfCheck).not.toHaveBeenCalled()
    expect(second.log).toEqual(['runtime webgpu', 'create webgpu'])
  })

  it.each([
    ['another number', [1, -1]],
    ['NaN', [Number.NaN, 0]],
  ])('is remembered: disagreement (%s) does not even load WebGPU again', async (_, webgpu) => {
    const notes = new Map<string, string>()
    const first = (await world({ notes, webgpu }).start('auto')).report
    const second = world({ notes, webgpu })
    expect((await second.start('webgpu')).report).toEqual(first)
    expect(second.log).toEqual(['runtime wasm', 'create wasm'])
  })

  it('holds for one model on one adapter', async () => {
    const notes = new Map<string, string>()
    await world({ notes, webgpu: [9, 9] }).start('auto')
    expect((await world({ notes, adapter: { name: 'other/gpu' } }).start('auto')).report.backend).toBe('webgpu')
    const { environment } = world({ notes })
    const other = await startSession(
      preparationOf(SAME_SIZES, false),
      { backend: 'auto', weights: 'auto' },
      { ...CHECK, key: 'other' },
      environment,
      () => undefined,
    )
    expect(other.report.backend).toBe('webgpu')
  })

  it.each(['', 'garbage'])('that cannot be read (%j) is found again', async (note) => {
    const { start, onSelfCheck } = world({ notes: new Map([['self-check:model:acme/gpu', note]]) })
    expect((await start('auto')).report.backend).toBe('webgpu')
    expect(onSelfCheck).toHaveBeenCalledTimes(1)
  })
})
