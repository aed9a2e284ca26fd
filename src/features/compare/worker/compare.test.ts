import { describe, expect, it } from 'vitest'
import { context, inputOf, never, settled, toyModel, WITHOUT_SNAPSHOT } from '#engine/testing/toy-model.fixture'
import { CHOICE, loaded, setUp } from '#features/worker.fixture.ts'
import type { ModelInput } from '#protocol/prediction'
import type { DifferencePart, DifferenceRequest } from '../api.ts'

describe('the difference of two inputs', () => {
  async function difference(a: ModelInput, b: ModelInput, thumbnail = 8, more: Partial<DifferenceRequest> = {}) {
    const { engine } = await loaded()
    const parts: DifferencePart[] = []
    const result = await engine.difference(
      { a, b, choice: CHOICE, thumbnail, sinksAside: false, ...more },
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

  it('goes without the sinks of both sides in thumbnails, and shows the head that changed most where none is named', async () => {
    const { parts } = await difference(inputOf('is not bad'), inputOf('is bad'), 8, { sinksAside: true, choice: { ...CHOICE, heads: [] } })
    const [, matrices, heads, thumbnails] = parts
    if (matrices?.kind !== 'matrices' || heads?.kind !== 'heads') throw new Error('other parts')
    const most = heads.changes.reduce((best, change) => (change.moved > best.moved ? change : best))
    expect(matrices.choice.heads).toEqual([{ layer: most.layer, head: most.head }])
    expect(matrices.matrices).toHaveLength(1)
    // Of [CLS] is not bad [SEP], three words.
    expect(thumbnails).toMatchObject({ size: 3, data: { length: 27 } })
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
    const call = engine.difference(
      { a: inputOf('a'), b: inputOf('b'), choice: CHOICE, thumbnail: 8, sinksAside: false },
      { signal: stop.signal, progress },
    )
    await expect(call).rejects.toThrow()
    expect(kinds).toEqual(['alignment', 'matrices', 'heads', 'thumbnails'])
  })

  it('does no work at all for a call that was cancelled while it waited for its runs', async () => {
    const { engine, load, models } = setUp()
    load(WITHOUT_SNAPSHOT)
    const stop = new AbortController()
    const kinds: string[] = []
    const progress = (part: DifferencePart): void => void kinds.push(part.kind)
    const call = engine.difference(
      { a: inputOf('a'), b: inputOf('b'), choice: CHOICE, thumbnail: 8, sinksAside: false },
      { signal: stop.signal, progress },
    )
    const other = engine.attention({ input: inputOf('a'), choice: CHOICE }, context)
    await settled()
    stop.abort()
    models[0]?.resolve(toyModel())
    await other
    await expect(call).rejects.toThrow()
    expect(kinds).toEqual([])
  })
})
