import { describe, expect, it } from 'vitest'
import type { RunPart } from '#features/attention/api.ts'
import type { DifferencePart } from '#features/compare/api.ts'
import type { ModelInput } from '#protocol/prediction'
import { buffersOf } from '#protocol/serve'
import { CHOICE, context, inputOf, loaded, never, settled, setUp, toyModel, WITHOUT_SNAPSHOT } from './testing/engine.fixture.ts'
import { rowOf, runOfRow } from './testing/run.fixture.ts'

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
          ? buffersOf(part.prediction)
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
    load(WITHOUT_SNAPSHOT)
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

describe('an answer at a position', () => {
  it('is asked of the model once, and kept with the run', async () => {
    const ran: string[] = []
    const toy = toyModel(ran)
    const run: typeof toy.run = async (row) => ({ ...(await toy.run(row)), prediction: { kind: 'tokens', asks: 'next', positions: [] } })
    const { engine } = await loaded({ ...toy, run })
    const ask = (position: number) => engine.answer({ input: inputOf('not bad'), position }, context)
    expect(await ask(1)).toMatchObject({ position: 1, entropy: 1 })
    await ask(1)
    expect(await ask(2)).toMatchObject({ position: 2 })
    expect(await ask(99)).toBeNull()
    expect(ran).toEqual(['[CLS] not bad [SEP]', '4 at 1', '4 at 2', '4 at 99'])
  })

  it('that the run has already needs no other', async () => {
    const ran: string[] = []
    const toy = toyModel(ran)
    const own = { position: 3, candidates: [], entropy: 0.5 }
    const run: typeof toy.run = async (row) => ({ ...(await toy.run(row)), prediction: { kind: 'tokens', asks: 'next', positions: [own] } })
    const { engine } = await loaded({ ...toy, run })
    expect(await engine.answer({ input: inputOf('a b'), position: 3 }, context)).toEqual(own)
    expect(ran).toHaveLength(1)
  })
})

describe('an answer without positions', () => {
  it('is null, and nothing is run for it', async () => {
    const ran: string[] = []
    const { engine } = await loaded(toyModel(ran))
    expect(await engine.answer({ input: inputOf('not bad'), position: 1 }, context)).toBeNull()
    expect(ran).toHaveLength(1)
  })
})

describe('a text as a chat message', () => {
  it('is another input than the text itself', async () => {
    const ran: string[] = []
    const { run } = await loaded(toyModel(ran))
    await run(inputOf('hello')).done
    await run({ ...inputOf('hello'), chat: true }).done
    expect(ran).toEqual(['[CLS] hello [SEP]', '[CLS] chat hello [SEP]'])
  })
})
