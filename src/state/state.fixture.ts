// Builders for the tests of the state: rows of words, answers about them, and an engine that answers when the test says so.

import type { Prediction } from '#answers/answer-kinds'
import type { EngineApi } from '#features/worker.ts'
import type { AttentionMatrix } from '#methods/attention/attention'
import type { HeadStatistics } from '#methods/attention/head-statistics'
import type { Attribution } from '#methods/attribution'
import type { WorkerCaller, WorkerPort } from '#protocol/client'
import type { HubApi } from '#protocol/hub-api'
import type { ToEngine, ToPage } from '#protocol/messages'
import type { ModelCard } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
import { createWorkerHost, type WorkerHost } from '#protocol/worker-host'
import type { Token, TokenRow } from '#text/token'
import type { SideAnswer } from './app-state.ts'

/** A row of words between [CLS] and [SEP]; equal words get equal ids. */
export function rowOf(text: string): TokenRow {
  const token = (label: string, source: Token['source']): Token => {
    const id = [...label].reduce((sum, character) => (sum * 131 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7)
    return { id, piece: label, label, start: 0, end: 0, word: 0, source }
  }
  const words = text.split(' ').filter(Boolean)
  const tokens = [token('[CLS]', 'template'), ...words.map((word) => token(word, 'text')), token('[SEP]', 'template')]
  return { tokens, cutAt: null, wantedLength: tokens.length }
}

export const PREDICTION: Prediction = {
  kind: 'classes',
  activation: 'softmax',
  labels: ['NO', 'YES'],
  logits: Float32Array.of(0, 1),
  probabilities: Float32Array.of(0.25, 0.75),
}

export const CARD = { name: 'toy', backend: { backend: 'wasm', reason: 'no-webgpu' }, removals: ['mask', 'delete'] } as unknown as ModelCard

export function inputOf(text: string): ModelInput {
  return { text, edits: [] }
}

/** A matrix [T, T] whose cell (i, j) is `first + i * T + j`. */
export function matrixOf(tokens: number, first = 0): AttentionMatrix {
  return { head: { layer: 0, head: 0 }, tokens, data: Float32Array.from({ length: tokens * tokens }, (_, i) => first + i) }
}

/** Of two layers with three heads: no sinks, all alike. */
export const STATISTICS: HeadStatistics = {
  sinks: [],
  sinkShare: new Float32Array(6),
  contentShare: new Float32Array(6),
  contentHead: null,
}

export function answerOf(text: string, change: Partial<SideAnswer> = {}): SideAnswer {
  return {
    input: inputOf(text),
    row: rowOf(text),
    prediction: PREDICTION,
    precomputed: false,
    runMs: 1,
    layers: 2,
    heads: 3,
    choice: { heads: [{ layer: 0, head: 0 }], reduce: 'each' },
    matrices: [],
    statistics: STATISTICS,
    focus: null,
    chosen: null,
    ...change,
  }
}

/** Of saliency, finished, of answer 1. */
export function attributionOf(values: readonly number[], change: Partial<Attribution> = {}): Attribution {
  return {
    method: 'saliency',
    target: { index: 1, foil: null, position: null, space: 'score' },
    values: Float32Array.from(values),
    isSigned: false,
    errors: null,
    layers: null,
    output: 1,
    expectedSum: null,
    taken: null,
    runs: 1,
    known: 0,
    left: 0,
    ms: 1,
    doubts: [],
    figures: {},
    surrogate: null,
    ...change,
  }
}

export interface HeardCall<Name extends keyof EngineApi = keyof EngineApi> {
  readonly id: number
  readonly name: Name
  readonly args: EngineApi[Name]['args']
}

/** The real client in front of a worker that does nothing by itself. */
export interface FakeEngine {
  /** Workers started so far. */
  workers(): number
  /** Workers that were not ended. */
  alive(): number
  readonly client: WorkerHost<EngineApi>
  /** Every call of that name that was ever made. */
  heard<Name extends keyof EngineApi>(name: Name): readonly HeardCall<Name>[]
  /** The only open call of that name; throws when there is none or more than one. */
  open<Name extends keyof EngineApi>(name: Name): HeardCall<Name>
  /** How many calls of that name are open. */
  count(name: keyof EngineApi): number
  progress<Name extends keyof EngineApi>(call: HeardCall<Name>, value: EngineApi[Name]['progress']): void
  result<Name extends keyof EngineApi>(call: HeardCall<Name>, value: EngineApi[Name]['result']): Promise<void>
  fail(call: HeardCall, kind: string, data?: Readonly<Record<string, string | number>>): Promise<void>
  /** A worker dies by itself. @param which of those that are alive, the newest unless given */
  die(which?: number): Promise<void>
}

const settled = (): Promise<void> => Promise.resolve().then(() => undefined)

/** One worker of a fake engine, by which calls of several are told apart. */
interface FakeWorker {
  readonly port: WorkerPort
  readonly lost: () => void
}

export function fakeEngine(onLost: () => void = () => undefined): FakeEngine {
  const all: HeardCall[] = []
  /** Of open calls: who heard them, and under which number there. */
  const open = new Map<number, { readonly worker: FakeWorker; readonly id: number }>()
  const workers: FakeWorker[] = []
  let started = 0
  const close = (worker: FakeWorker): void => {
    for (const [id, call] of open) if (call.worker === worker) open.delete(id)
    const place = workers.indexOf(worker)
    if (place >= 0) workers.splice(place, 1)
  }
  const spawn = (lost: () => void): WorkerPort => {
    started++
    const port: WorkerPort = {
      onmessage: null,
      onerror: null,
      postMessage: (message: ToEngine) => {
        if (message.kind === 'cancel') {
          for (const [id, call] of open) if (call.worker === worker && call.id === message.id) open.delete(id)
          return
        }
        const id = all.length
        all.push({ id, name: message.name as keyof EngineApi, args: message.args as HeardCall['args'] })
        open.set(id, { worker, id: message.id })
      },
      terminate: () => close(worker),
    }
    const worker: FakeWorker = { port, lost }
    workers.push(worker)
    return port
  }
  const client = createWorkerHost<EngineApi>(spawn, onLost)
  const say = (id: number, message: (own: number) => ToPage): void => {
    const call = open.get(id)
    call?.worker.port.onmessage?.({ data: message(call.id) } as MessageEvent<ToPage>)
  }
  const heard = <Name extends keyof EngineApi>(name: Name): HeardCall<Name>[] =>
    all.filter((call): call is HeardCall<Name> => call.name === name)
  return {
    client,
    heard,
    workers: () => started,
    alive: () => workers.length,
    open: (name) => {
      const [call, ...others] = heard(name).filter(({ id }) => open.has(id))
      if (!call || others.length > 0) throw new Error(`${others.length + (call ? 1 : 0)} open calls of ${name}`)
      return call
    },
    count: (name) => heard(name).filter(({ id }) => open.has(id)).length,
    progress: ({ id }, value) => say(id, (own) => ({ kind: 'progress', id: own, value })),
    result: async ({ id }, value) => {
      say(id, (own) => ({ kind: 'result', id: own, value }))
      open.delete(id)
      await settled()
    },
    fail: async ({ id }, kind, data = {}) => {
      say(id, (own) => ({ kind: 'error', id: own, error: { kind, message: `${kind}!`, data } }))
      open.delete(id)
      await settled()
    },
    die: async (which = -1) => {
      workers.at(which)?.lost()
      await settled()
    },
  }
}

/** A hub's worker that answers when the test says so. */
export interface FakeHub {
  readonly client: WorkerCaller<HubApi>
  readonly calls: readonly { readonly name: keyof HubApi; readonly args: unknown }[]
  /** Answers the newest call of that name. */
  answer<Name extends keyof HubApi>(name: Name, value: HubApi[Name]['result']): Promise<void>
}

export function fakeHub(): FakeHub {
  const calls: { readonly name: keyof HubApi; readonly args: unknown }[] = []
  const waiting = new Map<keyof HubApi, (value: unknown) => void>()
  return {
    calls,
    client: {
      call: (name, args) => {
        calls.push({ name, args })
        return new Promise((resolve) => waiting.set(name, resolve as (value: unknown) => void))
      },
    },
    answer: async (name, value) => {
      waiting.get(name)?.(value)
      for (let turn = 0; turn < 5; turn++) await settled()
    },
  }
}
