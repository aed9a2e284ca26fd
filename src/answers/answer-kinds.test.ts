import { describe, expect, it } from 'vitest'
import { ANSWER_CASES, type AnswerCase, ROW } from './answer-cases.fixture.ts'
import { kindOf, ofKind, type Prediction } from './answer-kinds.ts'

describe.each(Object.entries<AnswerCase<Prediction>>(ANSWER_CASES))('an answer of %s', (id, { answer, ...found }) => {
  const kind = kindOf(answer)

  it('has its targets, its best and the next one', () => {
    expect(kind.question({ prediction: answer, row: ROW, chosen: null }, { token: null, explains: 'itself' })).toEqual(found.question)
    expect(kind.isExplainable).toBe(found.question !== null)
    expect(kind.position(ROW, null)).toBe(found.position)
    const index = found.best?.index ?? 0
    expect(kind.best(answer, found.position)).toEqual(found.best)
    expect(kind.runnerUp(answer, { index, position: found.position })).toBe(found.runnerUp)
    const target = { index, foil: null, position: found.position, space: 'score' } as const
    expect(kind.probability({ prediction: answer, chosen: null }, target, null)).toBe(found.probability)
  })

  it('is told from others', () => {
    expect(ofKind(answer.kind, answer)).toBe(answer)
    expect(Object.values(ANSWER_CASES).filter(({ answer: other }) => ofKind(answer.kind, other) !== null)).toHaveLength(1)
    expect(answer.kind).toBe(id)
  })
})

describe('tags', () => {
  const { answer } = ANSWER_CASES.tags
  it('are those of the chosen token', () => {
    const question = kindOf(answer).question({ prediction: answer, row: ROW, chosen: null }, { token: 2, explains: 'itself' })
    expect(question).toMatchObject({ best: 0, position: 2 })
    expect(kindOf(answer).best(answer, 2)?.label).toBe('NO')
  })
})

describe('classes', () => {
  it('have scores that tell every target, shares unless they are numbers alone, and a rival unless there is one', () => {
    const { answer } = ANSWER_CASES.classes
    const number = {
      ...answer,
      activation: 'none',
      labels: ['SCORE'],
      logits: Float32Array.of(3),
      probabilities: new Float32Array(),
    } as const
    expect([kindOf(answer).scores(answer), kindOf(answer).hasShares(answer), kindOf(answer).hasRival(answer)]).toEqual([
      answer.logits,
      true,
      true,
    ])
    expect([kindOf(number).hasShares(number), kindOf(number).hasRival(number)]).toEqual([false, false])
  })
})
