import { describe, expect, it } from 'vitest'
import { rowOf, runOfRow } from '#engine/testing/run.fixture'
import { context, inputOf, never, settled, toyModel, WITHOUT_SNAPSHOT } from '#engine/testing/toy-model.fixture'
import { CHOICE, loaded, setUp } from '#features/worker.fixture.ts'
import type { RunPart } from '../api.ts'

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
    expect(matrices).toMatchObject({
      kind: 'matrices',
      choice: CHOICE,
      matrices: [{ head: { layer: 1, head: 2 }, tokens: 4, data: expected }],
    })
    expect(thumbnails).toMatchObject({ heads: 3, size: 4 })
    expect(matrices).toMatchObject({ statistics: { sinks: [0, 3], sinkShare: { length: 6 }, contentShare: { length: 6 } } })
  })

  it('draws thumbnails without the sinks where they are set aside', async () => {
    const { engine } = await loaded()
    const parts: RunPart[] = []
    const request = { input: inputOf('so not bad'), choice: CHOICE, thumbnail: 8, sinksAside: true }
    await engine.run(request, { signal: never, progress: (part) => void parts.push(part) })
    expect(parts.find((part) => part.kind === 'thumbnails')).toMatchObject({ size: 3, data: { length: 27 } })
  })

  it('where no head is named shows the one that sends most to content, and tells which', async () => {
    const { engine } = await loaded()
    const parts: RunPart[] = []
    const request = { input: inputOf('so not bad at all'), choice: { heads: [], reduce: 'each' as const }, thumbnail: 8, sinksAside: true }
    await engine.run(request, { signal: never, progress: (part) => void parts.push(part) })
    const shown = parts.find((part) => part.kind === 'matrices')
    const shares = Array.from(shown?.statistics.contentShare ?? [])
    const best = shares.indexOf(Math.max(...shares))
    const head = { layer: Math.floor(best / 3), head: best % 3 }
    expect(Math.max(...shares)).toBeGreaterThan(0)
    expect(shown).toMatchObject({ choice: { heads: [head], reduce: 'each' }, matrices: [{ head }] })
  })

  it('makes thumbnails of the size asked for when the input is longer', async () => {
    const { run } = await loaded()
    const { done, parts } = run(inputOf('a b c d e f'), never, 3)
    await done
    const thumbnail = parts.find((part) => part.kind === 'thumbnails')
    expect(thumbnail).toMatchObject({ size: 3, data: { length: 27 } })
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
    const done = engine.run(
      { input: inputOf('x'), choice, thumbnail: 8, sinksAside: false },
      { signal: never, progress: (part) => void parts.push(part) },
    )
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
    await expect(
      engine.run({ input: inputOf('a b'), choice: CHOICE, thumbnail: 8, sinksAside: false }, { signal: stop.signal, progress }),
    ).rejects.toThrow()
    expect(parts.map(({ kind }) => kind)).toEqual(['prediction', 'matrices', 'thumbnails'])
  })

  it('that was cancelled while the model was away is not run', async () => {
    const ran: string[] = []
    const { run, load, models } = setUp()
    const { card } = load(WITHOUT_SNAPSHOT)
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
    load(WITHOUT_SNAPSHOT)
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
