import { describe, expect, it } from 'vitest'
import { type KnownOfHeads, rankHeads } from './rank-heads.ts'

/** Thumbnails [heads, 2, 2] of one layer. */
const layer = (...data: readonly number[]) => ({ size: 2, data: Uint8Array.from(data) })
const DIAGONAL = [255, 0, 0, 255]
const CROSS = [0, 255, 255, 0]
const EVEN = [128, 128, 128, 128]
const change = (of: number, head: number, moved: number) => ({ layer: of, head, moved, query: 0, key: 0, change: 0 })
const names = (order: readonly { layer: number; head: number }[]): string[] => order.map((ref) => `${ref.layer}.${ref.head}`)

describe('the ranking of heads', () => {
  const known: KnownOfHeads = {
    layers: 2,
    heads: 2,
    thumbnails: [layer(...EVEN, ...DIAGONAL), layer(...CROSS, ...EVEN)],
    statistics: { sinks: [], sinkShare: new Float32Array(4), contentShare: Float32Array.of(0.1, 0.4, 0.2, 0), contentHead: null },
    changes: null,
    importance: null,
  }
  const changes = [change(0, 0, 0.1), change(0, 1, 0.4), change(1, 0, 0.2), change(1, 1, 0.3)]
  const importance = Float32Array.of(0.5, -2, 1, 0)

  it('by itself is by change where there is one, else by importance, else by what goes to content', () => {
    expect(rankHeads('auto', known).by).toBe('content')
    expect(rankHeads('auto', { ...known, importance }).by).toBe('importance')
    expect(rankHeads('auto', { ...known, importance, changes }).by).toBe('change')
    // Of two equal inputs.
    expect(rankHeads('auto', { ...known, importance, changes: changes.map((one) => ({ ...one, moved: 0 })) }).by).toBe('importance')
    expect(names(rankHeads('auto', known).order)).toEqual(['0.1', '1.0', '0.0', '1.1'])
  })

  it('puts heads of the lowest entropy first', () => {
    const { order, scores } = rankHeads('focus', known)
    expect(names(order)).toEqual(['0.1', '1.0', '0.0', '1.1'])
    expect(Array.from(scores)).toEqual([1, 0, 0, 1])
  })

  it('does not take a head that sends all to sinks for a sharp one', () => {
    const nothing = [layer(0, 0, 0, 0, ...DIAGONAL), layer(...CROSS, ...EVEN)]
    expect(rankHeads('focus', { ...known, thumbnails: nothing }).scores[0]).toBe(1)
  })

  it('puts heads of the longest distance first', () => {
    const { order, scores } = rankHeads('distance', known)
    expect(names(order)[0]).toBe('1.0')
    expect(Array.from(scores)).toEqual([0.25, 0, 0.5, 0.25])
  })

  it('puts heads that changed most first, and heads that matter most, whichever way', () => {
    expect(names(rankHeads('change', { ...known, changes }).order)).toEqual(['0.1', '1.1', '1.0', '0.0'])
    const { order, scores } = rankHeads('importance', { ...known, importance })
    expect([names(order), Array.from(scores)]).toEqual([
      ['0.1', '1.0', '0.0', '1.1'],
      [0.5, -2, 1, 0],
    ])
  })

  it('is by what is known while what was asked for is not, and says so', () => {
    expect(rankHeads('change', known).by).toBe('content')
    expect(rankHeads('importance', known).by).toBe('content')
    expect(rankHeads('focus', { ...known, thumbnails: [layer(...EVEN, ...EVEN), null] }).by).toBe('content')
  })
})
