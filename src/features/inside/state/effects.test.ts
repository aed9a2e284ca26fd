import { describe, expect, it } from 'vitest'
import { partEffects } from './effects.ts'

describe('effects of a part', () => {
  const shares = {
    heads: [
      [1, 2],
      [3, 4],
    ],
    mlps: [5, 6],
  }
  const layer = { kind: 'zero' as const, untouched: 10, attention: 0 }

  it('stand beside each other: what it writes, and what is lost without it', () => {
    const layers = [{ ...layer, layer: 1, heads: [9.5, 12], mlp: 4 }]
    expect(partEffects(shares, { untouched: 10, kinds: [{ kind: 'zero', layers }], agreements: [] })).toEqual([
      { layer: 1, head: 0, direct: 3, total: 0.5 },
      { layer: 1, head: 1, direct: 4, total: -2 },
      { layer: 1, head: null, direct: 6, total: 6 },
    ])
  })

  it('are of what is known', () => {
    expect(partEffects(shares, { untouched: 10, kinds: [], agreements: [] })).toEqual([])
    const layers = [{ ...layer, layer: 0, heads: [], mlp: null }]
    expect(partEffects(shares, { untouched: 10, kinds: [{ kind: 'zero', layers }], agreements: [] })).toEqual([])
    expect(() =>
      partEffects(shares, {
        untouched: 10,
        kinds: [{ kind: 'zero', layers: [{ ...layer, layer: 7, heads: [1], mlp: null }] }],
        agreements: [],
      }),
    ).toThrow()
  })
})
