import { describe, expect, it } from 'vitest'
import type { DifferenceState, SideAnswer } from '#state/app-state'
import type { AttributionState, Attributions } from '#state/attributions'
import { alignedFrame, soloFrame } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import { answerOf, attributionOf, inputOf } from '#state/state.fixture'
import { type AttributionRows, attributionRows, largestOfAll, spansOf, spreadRow } from './rows.ts'

const spreadRows = ({ columns, methods }: AttributionRows, of: 'values' | 'errors'): readonly number[] =>
  methods.flatMap((row) => Array.from(spreadRow(columns, row, of)))

const TARGET = { index: 1, foil: null, position: null, space: 'score' } as const
const answer = answerOf('not bad')
const tokens = answer.row.tokens.map((token, index) => ({ ...token, word: token.source === 'template' ? -1 : index > 0 ? 0 : -1 }))
const pieces = { ...answer, row: { ...answer.row, tokens } }

function stateOf(
  values: readonly number[],
  text = 'not bad',
  errors: readonly number[] | null = null,
  units: readonly (readonly number[])[] | null = null,
): AttributionState {
  const answer = attributionOf(values, {
    errors: errors === null ? null : Float32Array.from(errors),
    taken: units && { unit: 'word', removal: 'mask', units, instead: null },
  })
  return { question: { input: inputOf(text), target: TARGET }, status: 'done', error: null, answer }
}

const rowsOf = (
  of: SideAnswer,
  methods: Parameters<typeof attributionRows>[1],
  a: Attributions['a'],
  { byWord = false, showSpecials = true } = {},
) => {
  const pane = { side: 'a', frame: soloFrame('a', of, showSpecials) } as const
  return attributionRows(pane, methods, { a, reference: {} }, { byWord, answers: { a: of, reference: null } })
}

describe('attributionRows', () => {
  it('has a row for each method, in order, and no value where there is none yet', () => {
    const rows = rowsOf(answer, ['smoothgrad', 'saliency'], { saliency: stateOf([1, 2, 3, 4]) })
    expect(rows.columns.map(({ axis }) => [axis.label, axis.special])).toEqual([
      ['[CLS]', true],
      ['not', false],
      ['bad', false],
      ['[SEP]', true],
    ])
    expect(Array.from(spreadRows(rows, 'values'))).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, 1, 2, 3, 4])
    expect(Array.from(spreadRows(rows, 'errors'))).toEqual(Array.from({ length: 8 }, () => Number.NaN))
  })

  it('sums the pieces of a word and leaves the model’s own tokens apart', () => {
    const rows = rowsOf(pieces, ['saliency'], { saliency: stateOf([1, 2, 3, 4], 'not bad', [1, 3, 4, 1]) }, { byWord: true })
    expect([rows.columns.map(({ axis }) => axis.label), Array.from(spreadRows(rows, 'values')), rows.columns.map(({ a }) => a)]).toEqual([
      ['[CLS]', 'notbad', '[SEP]'],
      [1, 5, 4],
      [[0], [1, 2], [3]],
    ])
    // As if the errors of pieces were independent.
    expect(Array.from(spreadRows(rows, 'errors'))).toEqual([1, 5, 1])
  })

  it('hides special tokens, and values of another input', () => {
    const hidden = rowsOf(answer, ['saliency'], { saliency: stateOf([1, 2, 3, 4]) }, { showSpecials: false })
    expect(Array.from(spreadRows(hidden, 'values'))).toEqual([2, 3])
    const other = rowsOf(answer, ['saliency'], { saliency: stateOf([1, 2, 3, 4], 'other') })
    expect(Array.from(spreadRows(other, 'values'))).toEqual(Array.from({ length: 4 }, () => Number.NaN))
  })
})

describe('a row', () => {
  const rowOf = (state: AttributionState, side: 'a' | 'difference' = 'a') => {
    const pane = { side, frame: soloFrame('a', answer, true) } as const
    const options = { byWord: false, answers: { a: answer, reference: answer } }
    return attributionRows(pane, ['saliency'], { a: { saliency: state }, reference: { saliency: state } }, options).methods[0]
  }

  it('of amounts has no sign, of contributions and of differences it has', () => {
    const amounts = stateOf([1, 2, 3, 4])
    const signed = { ...amounts, answer: attributionOf([1, 2, 3, 4], { isSigned: true }) }
    expect([rowOf(amounts), rowOf(signed), rowOf(amounts, 'difference')].map((row) => row?.isSigned)).toEqual([false, true, true])
  })

  it('is zero where its values are rounding of the target’s number, once they are whole', () => {
    const rounding = { ...stateOf([0, 9e-6, -9e-6, 0]), answer: attributionOf([0, 9e-6, -9e-6, 0], { output: -10 }) }
    expect(rowOf(rounding)?.isZero).toBe(true)
    expect(rowOf({ ...rounding, answer: attributionOf([0, 9e-6, -9e-6, 0], { output: 1 }) })?.isZero).toBe(false)
    expect(rowOf({ ...rounding, status: 'running' })?.isZero).toBe(false)
  })

  it('is not finished while it runs, nor where it was stopped', () => {
    const state = stateOf([1, 2, 3, 4])
    const finished = (['done', 'running', 'stopped', 'failed'] as const).map((status) => rowOf({ ...state, status })?.isFinished)
    expect(finished).toEqual([true, false, false, false])
    expect(rowOf(stateOf([1, 2, 3, 4], 'other'))?.isFinished).toBe(false)
  })
})

describe('a row that was made before', () => {
  it('is the same one until its own answer is another', () => {
    const pane = { side: 'a', frame: soloFrame('a', answer, true) } as const
    const options = { byWord: false, answers: { a: answer, reference: null } }
    const saliency = stateOf([1, 2, 3, 4])
    const rows = (lime: AttributionState) => attributionRows(pane, ['saliency', 'lime'], { a: { saliency, lime }, reference: {} }, options)
    const [one, other] = [rows(stateOf([1, 1, 1, 1])), rows(stateOf([2, 2, 2, 2]))]
    expect(one.columns).toBe(other.columns)
    expect(one.methods[0]).toBe(other.methods[0])
    expect(one.methods[1]).not.toBe(other.methods[1])
  })
})

describe('the rows of two sides', () => {
  const b = answerOf('so not bad')
  const difference: DifferenceState = {
    a: answer.input,
    b: b.input,
    alignment: { a: Int32Array.of(0, -1, 1, 2, 3), b: Int32Array.of(0, 1, 2, 3, 4) },
    choice: answer.choice,
    matrices: [],
    changes: [],
    thumbnails: [],
  }
  const attributions = {
    a: { saliency: stateOf([1, 2, 3, 4], 'not bad', [3, 3, 3, 3]) },
    reference: { saliency: stateOf([0.5, 9, 1, 1, 1], 'so not bad', [4, 4, 4, 4, 4]) },
  }
  const rows = (side: 'a' | 'b' | 'difference') =>
    attributionRows({ side, frame: alignedFrame(side, answer, b, difference, true) }, ['saliency'], attributions, {
      byWord: false,
      answers: { a: answer, reference: b },
    })

  it('are aligned, with a gap where one has no token', () => {
    expect(Array.from(spreadRows(rows('a'), 'values'))).toEqual([1, Number.NaN, 2, 3, 4])
    expect(Array.from(spreadRows(rows('b'), 'values'))).toEqual([0.5, 9, 1, 1, 1])
    expect(rows('a').columns.map(({ axis }) => axis.gap)).toEqual([false, true, false, false, false])
  })

  it('have one largest value together', () => {
    const all = (['a', 'b'] as const).map((side) => ({ pane: { side } as unknown as Pane, rows: rows(side) }))
    expect([largestOfAll(all.slice(0, 1), false), largestOfAll(all, false), largestOfAll(all, true)]).toEqual([4, 9, 0])
  })

  it('are subtracted in the difference, where errors add up', () => {
    expect(Array.from(spreadRows(rows('difference'), 'values'))).toEqual([0.5, Number.NaN, 1, 2, 3])
    expect(Array.from(spreadRows(rows('difference'), 'errors'))).toEqual([5, Number.NaN, 5, 5, 5])
  })
})

describe('what was taken away together', () => {
  // Tokens 1 and 2 lost 4 together, with an error of 2; a method beside it knows each token.
  const together = stateOf([0, 2, 2, 0], 'not bad', [0, 1, 1, 0], [[1, 2]])
  const rows = rowsOf(answer, ['leave-one-out', 'saliency'], { 'leave-one-out': together, saliency: stateOf([1, 2, 3, 4]) })

  it('is one column of its method, with its whole value and error, and the other methods keep theirs', () => {
    const [own, other] = rows.methods
    expect(own?.columns.map(({ axis }) => axis.label)).toEqual(['[CLS]', 'notbad', '[SEP]'])
    expect([Array.from(own?.values ?? []), Array.from(own?.errors ?? []), own?.unit]).toEqual([[0, 4, 0], [0, 2, 0], 'word'])
    expect(Array.from(other?.values ?? [])).toEqual([1, 2, 3, 4])
  })

  it('spans the columns of its tokens where methods share them', () => {
    expect(Array.from(spreadRows(rows, 'values'))).toEqual([0, 4, 4, 0, 1, 2, 3, 4])
    expect(rows.methods.map(spansOf)).toEqual([[{ first: 1, last: 2, label: 'notbad' }], []])
  })

  it('takes what stands between on the other side with it, and is subtracted as a whole', () => {
    const b = answerOf('not so bad')
    const alignment = { a: Int32Array.of(0, 1, -1, 2, 3), b: Int32Array.of(0, 1, 2, 3, 4) }
    const difference = { alignment } as unknown as DifferenceState
    const attributions = {
      a: { 'leave-one-out': together },
      reference: { 'leave-one-out': stateOf([0, 1, 0.5, 0.5, 0], 'not so bad', null, [[1], [2, 3]]) },
    }
    const frame = alignedFrame('difference', answer, b, difference, true)
    const options = { byWord: false, answers: { a: answer, reference: b } }
    const [row] = attributionRows({ side: 'difference', frame }, ['leave-one-out'], attributions, options).methods
    expect([row?.columns.map(({ a, b }) => [a, b]), Array.from(row?.values ?? [])]).toEqual([
      [
        [[0], [0]],
        [
          [1, 2],
          [1, 2, 3],
        ],
        [[3], [4]],
      ],
      [0, 2, 0],
    ])
  })
})
