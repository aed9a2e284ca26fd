import { describe, expect, it } from 'vitest'
import { orderHeads } from './order-heads.ts'

/** Thumbnails [heads, 2, 2] of one layer. */
const layer = (...data: readonly number[]) => ({ size: 2, data: Uint8Array.from(data) })
const DIAGONAL = [255, 0, 0, 255]
const CROSS = [0, 255, 255, 0]
const EVEN = [128, 128, 128, 128]
const change = (of: number, head: number, moved: number) => ({ layer: of, head, moved, query: 0, key: 0, change: 0 })
const names = (order: readonly { layer: number; head: number }[]): string[] => order.map((ref) => `${ref.layer}.${ref.head}`)

describe('the order of the head grid', () => {
  const thumbnails = [layer(...EVEN, ...DIAGONAL), layer(...CROSS, ...EVEN)]

  it('is by layer, without scores', () => {
    const { order, scores } = orderHeads('auto', 2, 2, thumbnails, null, null)
    expect([names(order), scores]).toEqual([['0.0', '0.1', '1.0', '1.1'], null])
  })

  it('puts heads that look at one token at a time first', () => {
    const { order, scores } = orderHeads('focus', 2, 2, thumbnails, null, null)
    expect(names(order)).toEqual(['0.1', '1.0', '0.0', '1.1'])
    expect(scores?.[1]).toBeCloseTo(1)
  })

  it('puts heads that look far first', () => {
    const { order, scores } = orderHeads('distance', 2, 2, thumbnails, null, null)
    expect(names(order)[0]).toBe('1.0')
    expect(Array.from(scores ?? [])).toEqual([0.25, 0, 0.5, 0.25])
  })

  it('puts heads that changed most first, and is by layer while nothing is compared', () => {
    const changes = [change(0, 0, 0.1), change(0, 1, 0.4), change(1, 0, 0.2), change(1, 1, 0.3)]
    expect(names(orderHeads('change', 2, 2, thumbnails, changes, null).order)).toEqual(['0.1', '1.1', '1.0', '0.0'])
    expect(orderHeads('change', 2, 2, thumbnails, null, null).scores).toBeNull()
  })

  it('puts heads that matter most first, whichever way, and is by layer until that is known', () => {
    const { order, scores } = orderHeads('importance', 2, 2, thumbnails, null, Float32Array.of(0.5, -2, 1, 0))
    expect([names(order), Array.from(scores ?? [])]).toEqual([
      ['0.1', '1.0', '0.0', '1.1'],
      [0.5, -2, 1, 0],
    ])
    expect(orderHeads('importance', 2, 2, thumbnails, null, null).scores).toBeNull()
  })

  it('is by layer until all thumbnails have come', () => {
    expect(orderHeads('focus', 2, 2, [layer(...EVEN, ...EVEN), null], null, null).scores).toBeNull()
  })
})
