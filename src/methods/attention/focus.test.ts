import { describe, expect, it } from 'vitest'
import { AttentionError } from './attention-error.ts'
import { randomRun, runOf } from './attention-run.fixture.ts'
import { tokenFocus } from './focus.ts'
import { headMatrix } from './reduce.ts'

describe('tokenFocus', () => {
  it('is the row and the column of each head', () => {
    const focus = tokenFocus(runOf(2, [1, 0, 0.25, 0.75], [0.5, 0.5, 0.125, 0.875]), 1)
    expect([...focus.from]).toEqual([0.25, 0.75, 0.125, 0.875])
    expect([...focus.to]).toEqual([0, 0.75, 0.5, 0.875])
    expect(focus).toMatchObject({ token: 1, layers: 1, heads: 2, tokens: 2 })
  })

  it('lays heads out layer by layer', () => {
    const run = randomRun(3, 2, 4)
    const { from, to } = tokenFocus(run, 2)
    const matrix = headMatrix(run, { layer: 2, head: 1 })
    for (let k = 0; k < 4; k++) {
      expect(from[(2 * 2 + 1) * 4 + k]).toBe(matrix[2 * 4 + k])
      expect(to[(2 * 2 + 1) * 4 + k]).toBe(matrix[k * 4 + 2])
    }
  })

  it('refuses a token that is not there and layers with different numbers of heads', () => {
    const run = randomRun(1, 2, 3)
    expect(() => tokenFocus(run, 3)).toThrow(AttentionError)
    expect(() => tokenFocus({ tokens: 3, layers: [...run.layers, ...randomRun(1, 1, 3).layers] }, 0)).toThrow(/uneven-heads/)
  })
})
