import { describe, expect, it } from 'vitest'
import { rowOf } from '../testing/run.fixture.ts'
import { type AnswerForm, askedPositions, positionAnswer, predictionOf } from './predict.ts'

const tokenizer = { pieceOf: (id: number) => (id === 99 ? null : `p${id}`), labelOf: (id: number) => (id === 99 ? null : ` l${id}`) }
const formOf = (change: Partial<AnswerForm>): AnswerForm => ({
  task: 'classifier',
  activation: 'softmax',
  label: (index) => `c${index}`,
  tokenizer,
  ...change,
})
const ROW = rowOf('')

describe('predictionOf', () => {
  it.each([
    ['softmax', [0.25, 0.75]],
    ['sigmoid', [0.5, 0.75]],
    ['none', []],
  ] as const)('makes %s of classes', (activation, expected) => {
    const answer = predictionOf(formOf({ activation }), { dims: [1, 2], data: Float32Array.of(0, Math.log(3)) }, ROW, [])
    if (answer.kind !== 'classes') throw new Error(answer.kind)
    expect(answer.labels).toEqual(['c0', 'c1'])
    expect(Array.from(answer.probabilities, (value) => Number(value.toFixed(6)))).toEqual(expected)
  })

  it('makes a distribution of each token’s classes', () => {
    const answer = predictionOf(
      formOf({ task: 'token-classifier' }),
      { dims: [1, 2, 2], data: Float32Array.of(0, 0, Math.log(3), 0) },
      ROW,
      [],
    )
    if (answer.kind !== 'tags') throw new Error(answer.kind)
    expect(Array.from(answer.probabilities, (value) => Number(value.toFixed(6)))).toEqual([0.5, 0.5, 0.75, 0.25])
  })

  it.each([[[1, 2, 3]], [[1, 3]]])('makes one vector of hidden states of shape %j', (dims) => {
    const data = Float32Array.from({ length: dims.reduce((product, size) => product * size) }, (_, i) => i)
    const answer = predictionOf(formOf({ task: 'encoder' }), { dims, data }, ROW, [])
    expect(answer).toEqual({ kind: 'embedding', vector: dims.length === 3 ? Float32Array.of(1.5, 2.5, 3.5) : Float32Array.of(0, 1, 2) })
  })

  it('lists the likeliest tokens of every position that was asked about', () => {
    const data = Float32Array.of(0, Math.log(2), 0, 5, 5, 5)
    const answer = predictionOf(formOf({ task: 'masked-lm' }), { dims: [1, 2, 3], data }, ROW, [4, 7])
    if (answer.kind !== 'tokens') throw new Error(answer.kind)
    expect([answer.asks, answer.positions.map(({ position }) => position)]).toEqual(['fill', [4, 7]])
    expect(answer.positions[0]?.candidates[0]).toMatchObject({ id: 1, piece: 'p1', label: ' l1', probability: 0.5 })
    expect(answer.positions[1]?.entropy).toBeCloseTo(Math.log(3), 6)
    expect(predictionOf(formOf({ task: 'causal-lm' }), { dims: [1, 0, 3], data: new Float32Array() }, ROW, [])).toMatchObject({
      asks: 'next',
    })
  })
})

describe('positionAnswer', () => {
  it('finds the largest of a long vocabulary in order, and names what has no spelling by its index', () => {
    const data = Float32Array.from({ length: 300 }, (_, id) => Math.sin(id * 12.9898) * 10)
    const { candidates } = positionAnswer(tokenizer, { dims: [1, 1, 300], data }, 0, 0)
    const sorted = Array.from(data, (logit, id) => ({ logit, id })).sort((one, other) => other.logit - one.logit)
    expect(candidates.map(({ id }) => id)).toEqual(sorted.slice(0, 50).map(({ id }) => id))
    const only = Float32Array.from({ length: 100 }, (_, id) => (id === 99 ? 9 : 0))
    expect(positionAnswer(tokenizer, { dims: [1, 1, 100], data: only }, 0, 3).candidates[0]).toMatchObject({ piece: '#99', label: '#99' })
  })
})

describe('askedPositions', () => {
  const row = rowOf('a [MASK] b [MASK]')
  const mask = row.tokens[2]?.id ?? 0
  it('are the last place, or every mask, or none', () => {
    expect(askedPositions('causal-lm', row, mask)).toEqual([5])
    expect(askedPositions('masked-lm', row, mask)).toEqual([2, 4])
    expect(askedPositions('masked-lm', row, null)).toEqual([])
    expect(askedPositions('classifier', row, mask)).toEqual([])
    expect(askedPositions('causal-lm', { ...row, tokens: [] }, mask)).toEqual([])
  })
})
