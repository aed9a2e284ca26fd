import { expect, it } from 'vitest'
import { answerOf } from '../../state/state.fixture.ts'
import { attentionTint } from './tint.ts'

const matrix = (...data: readonly number[]) => ({ head: null, tokens: 2, data: Float32Array.from(data) })

it('is the attention that each token gets on average', () => {
  const tint = attentionTint(answerOf('', { matrices: [matrix(1, 0, 0.5, 0.5)] }), null)
  expect([...(tint?.values ?? [])]).toEqual([
    [0, 0.75],
    [1, 0.25],
  ])
  expect(tint?.kind).toBe('share')
})

it("is the chosen token's attention, averaged over the matrices on screen", () => {
  const answer = answerOf('', { matrices: [matrix(1, 0, 0.5, 0.5), matrix(0, 1, 0, 1)] })
  expect([...(attentionTint(answer, 1)?.values.values() ?? [])]).toEqual([0.25, 0.75])
})

it('is nothing without a matrix', () => {
  expect(attentionTint(answerOf(''), null)).toBeNull()
})
