import { describe, expect, it } from 'vitest'
import type { Attribution } from '#methods/attribution'
import type { AttributionState, AttributionStates, DifferenceState, SideAnswer } from '#state/app-state'
import { alignedFrame, soloFrame } from '#state/frame'
import { answerOf, inputOf } from '../../state/state.fixture.ts'
import { attributionRows } from './rows.ts'

const TARGET = { index: 1, foil: null, position: null, space: 'score' } as const
const answer = answerOf('not bad')
const tokens = answer.row.tokens.map((token, index) => ({ ...token, word: token.source === 'template' ? -1 : index > 0 ? 0 : -1 }))
const pieces = { ...answer, row: { ...answer.row, tokens } }

function stateOf(values: readonly number[], text = 'not bad', errors: readonly number[] | null = null): AttributionState {
  const attribution: Attribution = {
    method: 'saliency',
    target: TARGET,
    values: Float32Array.from(values),
    errors: errors === null ? null : Float32Array.from(errors),
    layers: null,
    isSigned: false,
    output: 1,
    expectedSum: null,
    runs: 1,
    left: 0,
    ms: 1,
    doubts: [],
    figures: {},
    surrogate: null,
  }
  return { input: inputOf(text), target: TARGET, status: 'done', error: null, attribution }
}

const rowsOf = (
  of: SideAnswer,
  methods: Parameters<typeof attributionRows>[1],
  a: AttributionStates,
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
    expect(Array.from(rows.values)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, 1, 2, 3, 4])
    expect(Array.from(rows.errors).every(Number.isNaN)).toBe(true)
  })

  it('sums the pieces of a word and leaves the model’s own tokens apart', () => {
    const rows = rowsOf(pieces, ['saliency'], { saliency: stateOf([1, 2, 3, 4], 'not bad', [1, 3, 4, 1]) }, { byWord: true })
    expect([rows.columns.map(({ axis }) => axis.label), Array.from(rows.values), rows.columns.map(({ a }) => a)]).toEqual([
      ['[CLS]', 'notbad', '[SEP]'],
      [1, 5, 4],
      [[0], [1, 2], [3]],
    ])
    // As if the errors of pieces were independent.
    expect(Array.from(rows.errors)).toEqual([1, 5, 1])
  })

  it('hides special tokens, and values of another input', () => {
    const hidden = rowsOf(answer, ['saliency'], { saliency: stateOf([1, 2, 3, 4]) }, { showSpecials: false })
    expect(Array.from(hidden.values)).toEqual([2, 3])
    const other = rowsOf(answer, ['saliency'], { saliency: stateOf([1, 2, 3, 4], 'other') })
    expect(Array.from(other.values).every(Number.isNaN)).toBe(true)
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
    expect(Array.from(rows('a').values)).toEqual([1, Number.NaN, 2, 3, 4])
    expect(Array.from(rows('b').values)).toEqual([0.5, 9, 1, 1, 1])
    expect(rows('a').columns.map(({ axis }) => axis.gap)).toEqual([false, true, false, false, false])
  })

  it('are subtracted in the difference, where errors add up', () => {
    expect(Array.from(rows('difference').values)).toEqual([0.5, Number.NaN, 1, 2, 3])
    expect(Array.from(rows('difference').errors)).toEqual([5, Number.NaN, 5, 5, 5])
  })
})
