import { describe, expect, it } from 'vitest'
import type { Token } from '#text/token'
import { ANSWER_CASES, type AnswerCase, ROW } from './answer-cases.fixture.ts'
import { kindOf, ofKind, type Prediction } from './answer-kinds.ts'
import { SPAN_LABELS, spanAnswer } from './span.ts'

describe.each(Object.entries<AnswerCase<Prediction>>(ANSWER_CASES))('an answer of %s', (id, { answer, ...found }) => {
  const kind = kindOf(answer)

  it('has its targets, its best and the next one', () => {
    expect(kind.question({ prediction: answer, row: ROW, chosen: null }, { token: null, explains: 'itself' })).toEqual(found.question)
    expect(kind.isExplainable).toBe(found.question !== null)
    expect(kind.position({ prediction: answer, row: ROW }, null)).toBe(found.position)
    const index = found.best?.index ?? 0
    expect(kind.best(answer, found.position)).toEqual(found.best)
    expect(kind.runnerUp(answer, { index, position: found.position })).toBe(found.runnerUp)
    const target = { index, foil: null, position: found.position, space: 'score' } as const
    const probability = kind.probability({ prediction: answer, chosen: null }, target, null)
    if (found.probability === null) expect(probability).toBeNull()
    else expect(probability).toBeCloseTo(found.probability, 6)
  })

  it('is told in words and numbers, the likeliest first', () => {
    const ranked = kind.ranked({ prediction: answer, row: ROW })
    const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 6))
    const expected = found.ranked.map(({ position, choices }) => ({
      position,
      choices: choices.map((choice) => ({ ...choice, score: near(choice.score), probability: near(choice.probability) })),
    }))
    expect(ranked).toEqual(expected)
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

describe('a span', () => {
  const tokens = ['[CLS]', 'who', '[SEP]', 'ada', 'love', 'lace', '[SEP]'].map((label, at): Token => {
    const source = at === 0 || at === 6 ? ('template' as const) : ('text' as const)
    const start = [0, 0, 4, 10, 14, 18, 22][at] ?? 0
    return { id: label === '[SEP]' ? 9 : at, piece: label, label, start, end: start + label.length, word: at, source }
  })
  const scores = (start: readonly number[], end: readonly number[]): Float32Array =>
    Float32Array.from(start.flatMap((score, at) => [score, end[at] ?? 0]))

  it('is the best of the passage, and never one that ends before it starts', () => {
    const logits = scores([9, 9, 9, 3, 1, 4, 9], [9, 9, 9, 0, 4, 1, 9])
    expect(spanAnswer(SPAN_LABELS, logits, { tokens })).toMatchObject({ span: [3, 4], text: 'ada love' })
  })

  it('is asked at its ends', () => {
    const answer = spanAnswer(SPAN_LABELS, scores([0, 0, 0, 5, 0, 0, 0], [0, 0, 0, 0, 0, 5, 0]), { tokens })
    const bestAt = (token: number | null) =>
      kindOf(answer).question({ prediction: answer, row: { ...ROW, tokens }, chosen: null }, { token, explains: 'itself' })
    expect([bestAt(null), bestAt(5)]).toMatchObject([
      { best: 0, position: 3 },
      { best: 1, position: 5 },
    ])
  })
})
