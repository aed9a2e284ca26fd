import { expect, it } from 'vitest'
import { answerOf } from '../../state/state.fixture.ts'
import { tintOf } from './tint.ts'

const matrix = (...data: readonly number[]) => ({ head: null, tokens: 2, data: Float32Array.from(data) })

it('is the attention that each token gets on average', () => {
  expect(tintOf(answerOf('', { matrices: [matrix(1, 0, 0.5, 0.5)] }), null)).toEqual(Float32Array.of(0.75, 0.25))
})

it("is the chosen token's attention, averaged over the matrices on screen", () => {
  const answer = answerOf('', { matrices: [matrix(1, 0, 0.5, 0.5), matrix(0, 1, 0, 1)] })
  expect(tintOf(answer, 1)).toEqual(Float32Array.of(0.25, 0.75))
})

it('is nothing without a matrix', () => {
  expect(tintOf(answerOf(''), null)).toBeNull()
})
