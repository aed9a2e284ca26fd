import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AttentionError } from './attention-error.ts'
import { randomRun, runOf } from './attention-run.fixture.ts'
import { chooseAttention } from './reduce.ts'

const first = [1, 0, 0.25, 0.75]
const second = [0, 1, 0.75, 0.25]
const run = runOf(2, first, second)
const both = [
  { layer: 0, head: 0 },
  { layer: 0, head: 1 },
]

describe('chooseAttention', () => {
  it('gives one matrix a head', () => {
    const matrices = chooseAttention(run, { heads: both, reduce: 'each' })
    expect(matrices.map(({ head, data }) => [head, [...data]])).toEqual([
      [both[0], first],
      [both[1], second],
    ])
  })

  it('takes mean and maximum element by element', () => {
    expect([...(chooseAttention(run, { heads: both, reduce: 'mean' })[0]?.data ?? [])]).toEqual([0.5, 0.5, 0.5, 0.5])
    const [max] = chooseAttention(run, { heads: both, reduce: 'max' })
    expect([...(max?.data ?? [])]).toEqual([1, 1, 0.75, 0.75])
    expect(max?.head).toBeNull()
  })

  it('keeps the name of a head reduced alone, and answers no heads with nothing', () => {
    expect(chooseAttention(run, { heads: both.slice(1), reduce: 'mean' })[0]?.head).toEqual(both[1])
    expect(chooseAttention(run, { heads: [], reduce: 'max' })).toEqual([])
  })

  it('copies: a transferred answer leaves the run whole', () => {
    const [matrix] = chooseAttention(run, { heads: both, reduce: 'mean' })
    matrix?.data.fill(9)
    expect([...(run.layers[0]?.data ?? [])]).toEqual([...first, ...second])
  })

  it('keeps rows distributions under mean', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 7 }), (seed, tokens) => {
        const heads = [0, 1, 2, 3].map((k) => ({ layer: k >> 1, head: k & 1 }))
        const [mean] = chooseAttention(randomRun(2, 2, tokens, seed), { heads, reduce: 'mean' })
        const sum = mean?.data.slice(0, tokens).reduce((total, value) => total + value, 0)
        expect(sum).toBeCloseTo(1, 5)
      }),
    )
  })

  it.each([
    { layer: 1, head: 0 },
    { layer: 0, head: 2 },
    { layer: 0, head: -1 },
    { layer: 0, head: 0.5 },
  ])('refuses head %o', (head) => {
    expect(() => chooseAttention(run, { heads: [head], reduce: 'each' })).toThrow(AttentionError)
  })
})
