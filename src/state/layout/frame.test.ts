import { describe, expect, it } from 'vitest'
import { alignTokens } from '#text/align'
import type { DifferenceState, SideAnswer } from '../app-state.ts'
import { answerOf, matrixOf, STATISTICS } from '../state.fixture.ts'
import { alignedFrame, type Frame, type FrameSide, layOut, layOutRows, sentAside, slotOf, soloFrame, tokenAt } from './frame.ts'

function differenceOf(a: SideAnswer, b: SideAnswer): DifferenceState {
  const alignment = alignTokens(a.row.tokens, b.row.tokens)
  return { a: a.input, b: b.input, alignment, choice: a.choice, matrices: [], changes: [], thumbnails: [] }
}

function aligned(side: FrameSide, textA: string, textB: string, showSpecials = true): Frame {
  const [a, b] = [answerOf(textA), answerOf(textB)]
  return alignedFrame(side, a, b, differenceOf(a, b), showSpecials)
}

const labels = (frame: Frame): string[] => frame.slots.map(({ label }) => label)

describe('the frame of one side', () => {
  it('has a slot for every token', () => {
    const frame = soloFrame('a', answerOf('not bad'), true)
    expect(labels(frame)).toEqual(['[CLS]', 'not', 'bad', '[SEP]'])
    expect(frame.slots[1]).toEqual({ a: 1, b: -1, column: -1, label: 'not', special: false, sink: false, changed: false, gap: false })
    expect(soloFrame('b', answerOf('not bad'), true).slots[1]).toMatchObject({ a: -1, b: 1 })
  })

  it('hides special tokens but keeps the numbers of the others', () => {
    expect(soloFrame('a', answerOf('not bad'), false).slots.map(({ a }) => a)).toEqual([1, 2])
  })

  it('shows special tokens when there are no others', () => {
    expect(labels(soloFrame('a', answerOf(''), false))).toEqual(['[CLS]', '[SEP]'])
  })

  it('is the same object for the same tokens, another for each side and for hidden special tokens', () => {
    const answer = answerOf('not bad')
    const frame = soloFrame('a', answer, true)
    expect(soloFrame('a', { ...answer, matrices: [matrixOf(4)] }, true)).toBe(frame)
    expect(
      new Set([frame, soloFrame('b', answer, true), soloFrame('a', answer, false), soloFrame('a', answerOf('not bad'), true)]).size,
    ).toBe(4)
  })

  it('marks edited tokens', () => {
    const answer = answerOf('not bad')
    const tokens = answer.row.tokens.map((token, index) => (index === 1 ? { ...token, source: 'edit' as const } : token))
    const edited = soloFrame('a', { ...answer, row: { ...answer.row, tokens } }, true)
    expect(edited.slots.map(({ changed }) => changed)).toEqual([false, true, false, false])
  })
})

describe('a frame without sinks', () => {
  const ofSinks = (text: string, ...sinks: number[]): SideAnswer => answerOf(text, { statistics: { ...STATISTICS, sinks } })

  it('has no slot for them, on one side or on two', () => {
    expect(labels(soloFrame('a', ofSinks('not bad', 0, 1, 3), true, true))).toEqual(['bad'])
    const [a, b] = [ofSinks('is not bad', 0, 4), ofSinks('is bad', 0, 1, 3)]
    expect(labels(alignedFrame('difference', a, b, differenceOf(a, b), true, true))).toEqual(['not', 'bad'])
  })

  it('tells what each slot sends to them, and nothing where nothing is set aside', () => {
    const answer = ofSinks('not bad', 0, 3)
    // Rows 1 and 2 of 0..15: columns 0 and 3.
    expect(Array.from(sentAside(soloFrame('a', answer, true, true), matrixOf(4)) ?? [])).toEqual([4 + 7, 8 + 11])
    expect(sentAside(soloFrame('a', answer, true), matrixOf(4))).toBeNull()
  })

  it('tells nothing of a row that has no such cells', () => {
    const answer = ofSinks('not bad', 0, 3)
    const gaps = { ...matrixOf(4), data: matrixOf(4).data.map((value, at) => (at < 8 ? Number.NaN : value)) }
    expect(Array.from(sentAside(soloFrame('a', answer, true, true), gaps) ?? [])).toEqual([Number.NaN, 8 + 11])
  })
})

describe('the frame of two aligned sides', () => {
  it('has a slot for every column, with the token of either side', () => {
    expect(
      aligned('difference', 'is not bad', 'is bad').slots.map(({ a, b, column, gap, changed }) => ({ a, b, column, gap, changed })),
    ).toEqual([
      { a: 0, b: 0, column: 0, gap: false, changed: false },
      { a: 1, b: 1, column: 1, gap: false, changed: false },
      { a: 2, b: -1, column: 2, gap: true, changed: true },
      { a: 3, b: 2, column: 3, gap: false, changed: false },
      { a: 4, b: 3, column: 4, gap: false, changed: false },
    ])
  })

  it('has a gap only where the side that it is drawn for has none', () => {
    expect(aligned('a', 'is not bad', 'is bad').slots.map(({ gap }) => gap)).toEqual([false, false, false, false, false])
    expect(aligned('b', 'is not bad', 'is bad').slots.map(({ gap }) => gap)).toEqual([false, false, true, false, false])
  })

  it("has each side's own labels, and both where they differ", () => {
    expect(labels(aligned('a', 'so good', 'so bad'))).toEqual(['[CLS]', 'so', 'good', '[SEP]'])
    expect(labels(aligned('b', 'so good', 'so bad'))).toEqual(['[CLS]', 'so', 'bad', '[SEP]'])
    expect(labels(aligned('difference', 'so good', 'so bad'))).toEqual(['[CLS]', 'so', 'bad ⇒ good', '[SEP]'])
    expect(labels(aligned('difference', 'is bad', 'is not bad'))).toEqual(['[CLS]', 'is', 'not', 'bad', '[SEP]'])
    expect(labels(aligned('a', 'is bad', 'is not bad'))).toEqual(['[CLS]', 'is', '', 'bad', '[SEP]'])
  })

  it('hides special tokens on both sides', () => {
    expect(aligned('difference', 'is bad', 'bad', false).slots.map(({ column }) => column)).toEqual([1, 2])
  })
})

describe('layOut', () => {
  it('takes the cells of the visible tokens', () => {
    const frame = soloFrame('a', answerOf('not bad'), false)
    expect(Array.from(layOut(frame, matrixOf(4)))).toEqual([5, 6, 9, 10])
  })

  it('leaves a row and a column of NaN where a slot has no token', () => {
    const frame = aligned('b', 'not bad', 'bad', false)
    expect(frame.slots.map(({ b }) => b)).toEqual([-1, 1])
    expect(Array.from(layOut(frame, matrixOf(3)))).toEqual([Number.NaN, Number.NaN, Number.NaN, 4])
  })

  it('takes a difference by its columns, NaN of the engine included', () => {
    const frame = aligned('difference', 'not bad', 'bad', false)
    const matrix = matrixOf(4)
    matrix.data.fill(Number.NaN, 4, 8)
    expect(Array.from(layOut(frame, matrix))).toEqual([Number.NaN, Number.NaN, 9, 10])
  })

  it('shows nothing, rather than the cell of another row, for tokens that a smaller matrix does not know', () => {
    const values = layOut(soloFrame('a', answerOf('not so bad'), true), matrixOf(2))
    expect(Array.from(values.subarray(0, 5))).toEqual([0, 1, Number.NaN, Number.NaN, Number.NaN])
    expect(Array.from(values.subarray(10, 15))).toEqual(new Array(5).fill(Number.NaN))
  })
})

describe('layOutRows', () => {
  it('puts the values of each row into the slots', () => {
    const frame = soloFrame('a', answerOf('not bad'), false)
    expect(Array.from(layOutRows(frame, 2, 4, Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7)))).toEqual([1, 2, 5, 6])
  })

  it('leaves NaN where there is no token', () => {
    const frame = aligned('b', 'not bad', 'bad', false)
    expect(Array.from(layOutRows(frame, 1, 3, Float32Array.of(7, 8, 9)))).toEqual([Number.NaN, 8])
    expect(Array.from(layOutRows(soloFrame('a', answerOf('x'), true), 2, 2, Float32Array.of(1, 2, 3, 4)))).toEqual([
      1,
      2,
      Number.NaN,
      3,
      4,
      Number.NaN,
    ])
  })
})

describe('tokens and slots', () => {
  it('find each other', () => {
    const frame = aligned('difference', 'is not bad', 'is bad', false)
    expect(slotOf(frame, { side: 'a', index: 3 })).toBe(2)
    expect(slotOf(frame, { side: 'b', index: 2 })).toBe(2)
    expect(tokenAt(frame, 2)).toEqual({ side: 'a', index: 3 })
    expect(tokenAt(aligned('b', 'is not bad', 'is bad', false), 2)).toEqual({ side: 'b', index: 2 })
    expect(tokenAt(aligned('b', 'is not bad', 'is bad', false), 1)).toEqual({ side: 'a', index: 2 })
  })

  it('are null where there is none', () => {
    const frame = soloFrame('a', answerOf('not bad'), false)
    expect(slotOf(frame, null)).toBeNull()
    expect(slotOf(frame, { side: 'a', index: 0 })).toBeNull()
    expect(slotOf(frame, { side: 'b', index: 1 })).toBeNull()
    expect(tokenAt(frame, 2)).toBeNull()
    expect(tokenAt(frame, -1)).toBeNull()
  })
})
