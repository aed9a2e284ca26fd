import { describe, expect, it } from 'vitest'
import type { Attribution } from '#methods/attribution'
import type { AttributionState } from '#state/app-state'
import { answerOf, inputOf } from '../../state/state.fixture.ts'
import { attributionRows } from './rows.ts'

const TARGET = { index: 1, foil: null, position: null, space: 'score' } as const
const answer = answerOf('not bad')
const tokens = answer.row.tokens.map((token, index) => ({ ...token, word: token.source === 'template' ? -1 : index > 0 ? 0 : -1 }))
const pieces = { ...answer, row: { ...answer.row, tokens } }

function stateOf(values: readonly number[], text = 'not bad'): AttributionState {
  const attribution: Attribution = {
    method: 'saliency',
    target: TARGET,
    values: Float32Array.from(values),
    isSigned: false,
    output: 1,
    expectedSum: null,
    runs: 1,
    left: 0,
    ms: 1,
    doubts: [],
  }
  return { input: inputOf(text), target: TARGET, status: 'done', error: null, attribution }
}

describe('attributionRows', () => {
  it('has a row for each method, in order, and no value where there is none yet', () => {
    const rows = attributionRows(
      answer,
      ['smoothgrad', 'saliency'],
      { saliency: stateOf([1, 2, 3, 4]) },
      { byWord: false, showSpecials: true },
    )
    expect(rows.tokens.map(({ label, special }) => [label, special])).toEqual([
      ['[CLS]', true],
      ['not', false],
      ['bad', false],
      ['[SEP]', true],
    ])
    expect(Array.from(rows.values)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, 1, 2, 3, 4])
  })

  it('sums the pieces of a word and leaves the model’s own tokens apart', () => {
    const rows = attributionRows(pieces, ['saliency'], { saliency: stateOf([1, 2, 3, 4]) }, { byWord: true, showSpecials: true })
    expect([rows.tokens.map(({ label }) => label), Array.from(rows.values), rows.first]).toEqual([
      ['[CLS]', 'notbad', '[SEP]'],
      [1, 5, 4],
      [0, 1, 3],
    ])
  })

  it('hides special tokens, and values of another input', () => {
    const hidden = attributionRows(answer, ['saliency'], { saliency: stateOf([1, 2, 3, 4]) }, { byWord: false, showSpecials: false })
    expect(Array.from(hidden.values)).toEqual([2, 3])
    const other = attributionRows(answer, ['saliency'], { saliency: stateOf([1, 2, 3, 4], 'other') }, { byWord: false, showSpecials: true })
    expect(Array.from(other.values).every(Number.isNaN)).toBe(true)
  })
})
