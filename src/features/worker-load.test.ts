import { describe, expect, it } from 'vitest'
import { EngineError } from '#engine/error'
import type { Snapshot } from '#engine/model/snapshot'
import {
  CARD,
  context,
  deferred,
  inputOf,
  LOAD,
  never,
  precomputed,
  settled,
  toyModel,
  WITHOUT_SNAPSHOT,
} from '#engine/testing/toy-model.fixture'
import type { RunPart } from './attention/api.ts'
import { CHOICE, setUp } from './worker.fixture.ts'
import { createEngine } from './worker.ts'

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
      { input: inputOf('not bad'), choice: CHOICE, thumbnail: 8, sinksAside: false },
      { signal: never, progress: (part) => void parts.push(part) },
    )
    expect(parts[0]).toMatchObject({ precomputed: false })
  })
})

describe('a load that fails', () => {
  it('fails with its own error, fails waiting runs with no-model, and lets a later load succeed', async () => {
    const { load, models, run } = setUp()
    const { card } = load(WITHOUT_SNAPSHOT)
    const waiting = run(inputOf('x'))
    await settled()
    models[0]?.reject(new EngineError('network', 'no answer'))
    await expect(card).rejects.toMatchObject({ kind: 'network' })
    await expect(waiting.done).rejects.toMatchObject({ kind: 'no-model' })
    await expect(run(inputOf('x')).done).rejects.toMatchObject({ kind: 'no-model' })
    const second = load(WITHOUT_SNAPSHOT)
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
    load(WITHOUT_SNAPSHOT, stop.signal)
    const waiting = run(inputOf('x'))
    await settled()
    load(WITHOUT_SNAPSHOT)
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
