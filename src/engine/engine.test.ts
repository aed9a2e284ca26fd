import { describe, expect, it } from 'vitest'
import type { DifferencePart, LoadProgress, LoadRequest, ModelCard, ModelInput, RunPart } from '#protocol/engine-api'
import type { TokenEdit } from '#text/edit'
import type { TokenRow } from '#text/token'
import { createEngine } from './engine.ts'
import { EngineError } from './error.ts'
import type { LoadedModel } from './model.ts'
import { rowOf, runOfRow } from './run.fixture.ts'
import type { Snapshot } from './snapshot.ts'

const CHOICE = { heads: [{ layer: 1, head: 2 }], reduce: 'each' as const }
const LOAD: LoadRequest = {
  base: 'https://page.test/m/',
  runtime: 'https://page.test/ort/',
  backend: 'auto',
  snapshot: 'https://page.test/s',
}
const CARD = { name: 'toy' } as ModelCard
const inputOf = (text: string, edits: readonly TokenEdit[] = []): ModelInput => ({ text, edits })
const never = new AbortController().signal
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

interface Deferred<Value> {
  readonly promise: Promise<Value>
  resolve(value: Value): void
  reject(error: unknown): void
}

function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** A model of words; counts the rows that it ran. */
function toyModel(ran: string[] = []): LoadedModel {
  const idOf = (piece: string): number => rowOf(piece).tokens[1]?.id ?? 0
  return {
    card: CARD,
    tokenizer: {
      encode: rowOf,
      encodeWord: (word) =>
        word
          .split(' ')
          .filter(Boolean)
          .map((piece) => ({ id: idOf(piece), piece })),
      mask: { id: 103, piece: '[MASK]' },
      maxTokens: 16,
    },
    run: async (row: TokenRow) => {
      ran.push(row.tokens.map(({ label }) => label).join(' '))
      return runOfRow(row, { seed: 2 })
    },
  }
}

const precomputed = (text: string): Snapshot => ({
  model: 'toy',
  runs: [{ input: inputOf(text), run: runOfRow(rowOf(text), { precomputed: true, seed: 1 }) }],
})

/** An engine whose model and snapshot come when the test says so. */
function setUp() {
  const models: Deferred<LoadedModel>[] = []
  const snapshots: Deferred<Snapshot>[] = []
  const signals: AbortSignal[] = []
  const engine = createEngine({
    loadModel: (_, { signal }) => {
      const model = deferred<LoadedModel>()
      signal.addEventListener('abort', () => model.reject(signal.reason))
      models.push(model)
      return model.promise
    },
    loadSnapshot: (_address, _base, signal) => {
      const snapshot = deferred<Snapshot>()
      signal.addEventListener('abort', () => snapshot.reject(signal.reason))
      snapshots.push(snapshot)
      signals.push(signal)
      return snapshot.promise
    },
  })
  const load = (request: Partial<LoadRequest> = {}, signal = new AbortController().signal) => {
    const progress: LoadProgress[] = []
    const card = engine.load({ ...LOAD, ...request }, { signal, progress: (part) => void progress.push(part) })
    card.catch(() => undefined)
    return { card, progress }
  }
  const run = (input: ModelInput, signal = never, thumbnail = 8) => {
    const parts: RunPart[] = []
    const done = engine.run({ input, choice: CHOICE, thumbnail }, { signal, progress: (part) => void parts.push(part) })
    done.catch(() => undefined)
    return { done, parts }
  }
  return { engine, models, snapshots, signals, load, run }
}

async function loaded(model = toyModel()) {
  const setup = setUp()
  const { card } = setup.load({ snapshot: null })
  setup.models[0]?.resolve(model)
  await card
  return setup
}

const context = { signal: never, progress: () => undefined }

describe('a run', () => {
  it('streams the prediction, the chosen matrices, and thumbnails layer by layer', async () => {
    const { run } = await loaded()
    const { done, parts } = run(inputOf('not bad'))
    await expect(done).resolves.toBeNull()
    expect(parts.map((part) => (part.kind === 'thumbnails' ? `thumbnails ${part.layer}` : part.kind))).toEqual([
      'prediction',
      'matrices',
      'thumbnails 0',
      'thumbnails 1',
    ])
    const [prediction, matrices, thumbnails] = parts
    expect(prediction).toMatchObject({ layers: 2, heads: 3, precomputed: false, prediction: { labels: ['NEGATIVE', 'POSITIVE'] } })
    const expected = runOfRow(rowOf('not bad'), { seed: 2 }).attention.layers[1]?.data.slice(2 * 16, 3 * 16)
    expect(matrices).toEqual({ kind: 'matrices', matrices: [{ head: { layer: 1, head: 2 }, tokens: 4, data: expected }] })
    expect(thumbnails).toMatchObject({ heads: 3, size: 4 })
  })

  it('makes thumbnails of the size asked for when the input is longer', async () => {
    const { run } = await loaded()
    const { done, parts } = run(inputOf('a b c d e f'), never, 3)
    await done
    const thumbnail = parts.find((part) => part.kind === 'thumbnails')
    expect(thumbnail).toMatchObject({ size: 3, data: { length: 27 } })
  })

  it('gives away nothing that it needs again: the buffers of one answer may be moved', async () => {
    const { run } = await loaded()
    const first = run(inputOf('not bad'))
    await first.done
    const before = structuredClone(first.parts)
    for (const part of first.parts) {
      const buffers =
        part.kind === 'prediction'
          ? [part.prediction.logits.buffer, part.prediction.probabilities.buffer]
          : part.kind === 'matrices'
            ? part.matrices.map(({ data }) => data.buffer)
            : [part.data.buffer]
      structuredClone(null, { transfer: buffers as ArrayBuffer[] })
    }
    const second = run(inputOf('not bad'))
    await second.done
    expect(second.parts).toEqual(before)
  })

  it('runs an input once, however often it is asked about', async () => {
    const ran: string[] = []
    const { engine, run } = await loaded(toyModel(ran))
    const input = inputOf('not bad')
    await Promise.all([
      run(input).done,
      run(input).done,
      engine.attention({ input, choice: CHOICE }, context),
      engine.focus({ input, token: 1 }, context),
    ])
    await run(input).done
    expect(ran).toEqual(['[CLS] not bad [SEP]'])
  })

  it('applies the edits to the tokens', async () => {
    const ran: string[] = []
    const { run } = await loaded(toyModel(ran))
    await run(
      inputOf('so not bad', [
        { kind: 'delete', at: 1 },
        { kind: 'mask', at: 2 },
        { kind: 'replace', at: 1, word: 'very good' },
      ]),
    ).done
    expect(ran).toEqual(['[CLS] very good [MASK] [SEP]'])
  })

  it('whose edit is refused fails with the reason, and the next run goes on', async () => {
    const { run } = await loaded()
    await expect(run(inputOf('not bad', [{ kind: 'mask', at: 0 }])).done).rejects.toMatchObject({
      kind: 'edit-refused',
      data: { reason: 'template-token' },
    })
    await expect(run(inputOf('not bad')).done).resolves.toBeNull()
  })

  it('asked for a head that the model lacks fails after the prediction', async () => {
    const { engine } = await loaded()
    const parts: RunPart[] = []
    const choice = { heads: [{ layer: 7, head: 0 }], reduce: 'each' as const }
    const done = engine.run({ input: inputOf('x'), choice, thumbnail: 8 }, { signal: never, progress: (part) => void parts.push(part) })
    await expect(done).rejects.toMatchObject({ kind: 'no-such-head' })
    expect(parts.map(({ kind }) => kind)).toEqual(['prediction'])
  })

  it('stops between two thumbnails when it is cancelled', async () => {
    const { engine } = await loaded()
    const stop = new AbortController()
    const parts: RunPart[] = []
    const progress = (part: RunPart): void => {
      parts.push(part)
      if (part.kind === 'thumbnails') stop.abort()
    }
    await expect(engine.run({ input: inputOf('a b'), choice: CHOICE, thumbnail: 8 }, { signal: stop.signal, progress })).rejects.toThrow()
    expect(parts.map(({ kind }) => kind)).toEqual(['prediction', 'matrices', 'thumbnails'])
  })

  it('that was cancelled while the model was away is not run', async () => {
    const ran: string[] = []
    const { run, load, models } = setUp()
    const { card } = load({ snapshot: null })
    const stop = new AbortController()
    const [given, kept] = [run(inputOf('given up'), stop.signal), run(inputOf('kept'))]
    await settled()
    stop.abort()
    models[0]?.resolve(toyModel(ran))
    await Promise.all([card, kept.done])
    await expect(given.done).rejects.toMatchObject({ kind: 'cancelled' })
    expect(ran).toEqual(['[CLS] kept [SEP]'])
  })

  it('cancelled while it is shared says nothing, but the other caller is answered', async () => {
    const { run, load, models } = setUp()
    load({ snapshot: null })
    const stop = new AbortController()
    const [first, second] = [run(inputOf('x'), stop.signal), run(inputOf('x'))]
    await settled()
    stop.abort()
    models[0]?.resolve(toyModel())
    await expect(second.done).resolves.toBeNull()
    await expect(first.done).rejects.toThrow()
    expect(first.parts).toEqual([])
  })
})

describe('before the model has come', () => {
  it('the snapshot answers for its inputs', async () => {
    const { load, snapshots, run, engine } = setUp()
    const { progress } = load()
    const { done, parts } = run(inputOf('not bad'))
    snapshots[0]?.resolve(precomputed('not bad'))
    await expect(done).resolves.toBeNull()
    expect(progress).toEqual([{ kind: 'snapshot', verdict: 'accepted' }])
    expect(parts[0]).toMatchObject({ kind: 'prediction', precomputed: true })
    const focus = await engine.focus({ input: inputOf('not bad'), token: 1 }, context)
    expect(focus).toMatchObject({ token: 1, layers: 2, heads: 3, tokens: 4, from: { length: 24 } })
  })

  it('other inputs wait for the model', async () => {
    const { load, snapshots, models, run } = setUp()
    load()
    snapshots[0]?.resolve(precomputed('not bad'))
    const { done, parts } = run(inputOf('good'))
    await settled()
    expect(parts).toEqual([])
    models[0]?.resolve(toyModel())
    await expect(done).resolves.toBeNull()
    expect(parts[0]).toMatchObject({ precomputed: false })
  })

  it.each(['not-a-snapshot', 'outdated', 'foreign', 'missing'] as const)(
    'a snapshot that is %s is told and does no harm',
    async (reason) => {
      const { load, snapshots, models, run } = setUp()
      const { card, progress } = load()
      snapshots[0]?.reject(new EngineError('snapshot-refused', 'no', { reason }))
      await settled()
      expect(progress).toEqual([{ kind: 'snapshot', verdict: reason }])
      models[0]?.resolve(toyModel())
      await expect(card).resolves.toBe(CARD)
      await expect(run(inputOf('x')).done).resolves.toBeNull()
    },
  )

  it('a snapshot that cannot be fetched is a missing one', async () => {
    const { load, snapshots } = setUp()
    const { progress } = load()
    snapshots[0]?.reject(new TypeError('fetch failed'))
    await settled()
    expect(progress).toEqual([{ kind: 'snapshot', verdict: 'missing' }])
  })

  it('nothing runs when no model is on its way', async () => {
    await expect(setUp().run(inputOf('x')).done).rejects.toMatchObject({ kind: 'no-model' })
  })
})

describe('once the model is there', () => {
  it('what was precomputed is run live', async () => {
    const ran: string[] = []
    const { load, snapshots, models, run } = setUp()
    const { card } = load()
    snapshots[0]?.resolve(precomputed('not bad'))
    await run(inputOf('not bad')).done
    models[0]?.resolve(toyModel(ran))
    await card
    const { done, parts } = run(inputOf('not bad'))
    await done
    expect(parts[0]).toMatchObject({ precomputed: false })
    expect(ran).toEqual(['[CLS] not bad [SEP]'])
  })

  it('a snapshot that hangs holds nothing back, and is given up', async () => {
    const { load, models, run, signals, snapshots } = setUp()
    const { card, progress } = load()
    const { done } = run(inputOf('not bad'))
    models[0]?.resolve(toyModel())
    await expect(card).resolves.toBe(CARD)
    await expect(done).resolves.toBeNull()
    expect(signals[0]?.aborted).toBe(true)
    snapshots[0]?.resolve(precomputed('late'))
    await settled()
    expect(progress).toEqual([])
    const late = run(inputOf('late'))
    await late.done
    expect(late.parts[0]).toMatchObject({ precomputed: false })
  })

  it('a snapshot that comes after all is not put over live runs', async () => {
    const snapshot = deferred<Snapshot>()
    const engine = createEngine({ loadModel: async () => toyModel(), loadSnapshot: () => snapshot.promise })
    await engine.load(LOAD, context)
    snapshot.resolve(precomputed('not bad'))
    await settled()
    const parts: RunPart[] = []
    await engine.run(
      { input: inputOf('not bad'), choice: CHOICE, thumbnail: 8 },
      { signal: never, progress: (part) => void parts.push(part) },
    )
    expect(parts[0]).toMatchObject({ precomputed: false })
  })
})

describe('a load that fails', () => {
  it('fails with its own error, fails waiting runs with no-model, and lets a later load succeed', async () => {
    const { load, models, run } = setUp()
    const { card } = load({ snapshot: null })
    const waiting = run(inputOf('x'))
    await settled()
    models[0]?.reject(new EngineError('network', 'no answer'))
    await expect(card).rejects.toMatchObject({ kind: 'network' })
    await expect(waiting.done).rejects.toMatchObject({ kind: 'no-model' })
    await expect(run(inputOf('x')).done).rejects.toMatchObject({ kind: 'no-model' })
    const second = load({ snapshot: null })
    const later = run(inputOf('x'))
    models[1]?.resolve(toyModel())
    await expect(second.card).resolves.toBe(CARD)
    await expect(later.done).resolves.toBeNull()
  })

  it('because the reader stopped it fails waiting runs with no-model, not with an unexpected error', async () => {
    const { load, run } = setUp()
    const stop = new AbortController()
    const { card } = load({}, stop.signal)
    const waiting = run(inputOf('x'))
    await settled()
    stop.abort()
    await expect(card).rejects.toThrow()
    await expect(waiting.done).rejects.toMatchObject({ kind: 'no-model' })
  })

  it('because a newer one replaced it leaves waiting runs to the newer model', async () => {
    const { load, models, run } = setUp()
    const stop = new AbortController()
    load({ snapshot: null }, stop.signal)
    const waiting = run(inputOf('x'))
    await settled()
    load({ snapshot: null })
    stop.abort()
    await settled()
    models[1]?.resolve(toyModel())
    await expect(waiting.done).resolves.toBeNull()
  })

  it('does not take the snapshot away', async () => {
    const { load, models, snapshots, run } = setUp()
    load()
    const waiting = run(inputOf('not bad'))
    models[0]?.reject(new EngineError('network', 'no answer'))
    await settled()
    snapshots[0]?.resolve(precomputed('not bad'))
    await expect(waiting.done).resolves.toBeNull()
    await expect(run(inputOf('not bad')).done).resolves.toBeNull()
  })
})

describe('the difference of two inputs', () => {
  async function difference(a: ModelInput, b: ModelInput, thumbnail = 8) {
    const { engine } = await loaded()
    const parts: DifferencePart[] = []
    const result = await engine.difference(
      { a, b, choice: CHOICE, thumbnail },
      { signal: never, progress: (part) => void parts.push(part) },
    )
    return { parts, result }
  }

  it('streams the alignment, the chosen matrices, all heads, and thumbnails', async () => {
    const { parts, result } = await difference(inputOf('is not bad'), inputOf('is bad'))
    expect(result).toBeNull()
    expect(parts.map(({ kind }) => kind)).toEqual(['alignment', 'matrices', 'heads', 'thumbnails', 'thumbnails'])
    expect(parts[0]).toEqual({ kind: 'alignment', alignment: { a: Int32Array.of(0, 1, 2, 3, 4), b: Int32Array.of(0, 1, -1, 2, 3) } })
    const [, matrices, heads, thumbnails] = parts
    if (matrices?.kind !== 'matrices' || heads?.kind !== 'heads' || thumbnails?.kind !== 'thumbnails') throw new Error('other parts')
    const [matrix] = matrices.matrices
    expect([matrix?.tokens, matrix?.data.length, matrix?.head]).toEqual([5, 25, { layer: 1, head: 2 }])
    expect(Array.from(matrix?.data.subarray(10, 15) ?? [])).toEqual(new Array(5).fill(Number.NaN))
    expect(heads.changes.map(({ layer, head }) => `${layer}.${head}`)).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2'])
    expect(thumbnails).toMatchObject({ layer: 0, heads: 3, size: 5, data: { length: 75 } })
    expect(thumbnails.data).toBeInstanceOf(Int8Array)
  })

  it('is zero for an input and itself', async () => {
    const { parts } = await difference(inputOf('is bad'), inputOf('is bad'), 2)
    const changes = parts.flatMap((part) => (part.kind === 'heads' ? part.changes : []))
    expect(changes.map(({ moved }) => moved)).toEqual([0, 0, 0, 0, 0, 0])
    expect(parts.flatMap((part) => (part.kind === 'thumbnails' ? [...part.data] : []))).toEqual(new Array(2 * 3 * 4).fill(0))
  })

  it('stops between two thumbnails when it is cancelled', async () => {
    const { engine } = await loaded()
    const stop = new AbortController()
    const kinds: string[] = []
    const progress = (part: DifferencePart): void => {
      kinds.push(part.kind)
      if (part.kind === 'thumbnails') stop.abort()
    }
    const call = engine.difference({ a: inputOf('a'), b: inputOf('b'), choice: CHOICE, thumbnail: 8 }, { signal: stop.signal, progress })
    await expect(call).rejects.toThrow()
    expect(kinds).toEqual(['alignment', 'matrices', 'heads', 'thumbnails'])
  })

  it('does no work at all for a call that was cancelled while it waited for its runs', async () => {
    const { engine, load, models } = setUp()
    load({ snapshot: null })
    const stop = new AbortController()
    const kinds: string[] = []
    const progress = (part: DifferencePart): void => void kinds.push(part.kind)
    const call = engine.difference({ a: inputOf('a'), b: inputOf('b'), choice: CHOICE, thumbnail: 8 }, { signal: stop.signal, progress })
    const other = engine.attention({ input: inputOf('a'), choice: CHOICE }, context)
    await settled()
    stop.abort()
    models[0]?.resolve(toyModel())
    await other
    await expect(call).rejects.toThrow()
    expect(kinds).toEqual([])
  })
})
