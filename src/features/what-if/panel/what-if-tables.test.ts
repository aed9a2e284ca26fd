import { describe, expect, it } from 'vitest'
import { toCsv } from '#panels/shared/export-tables.ts'
import { INITIAL_SETTINGS } from '#share/settings'
import type { Asked } from '#state/app-state'
import { answerOf, inputOf } from '#state/state.fixture'
import { createAppStore } from '#state/store'
import type { Subject } from '#state/target'
import type { WhatIfRow } from '../api.ts'
import { COUNTERFACTUALS, EDITS, INTERACTIONS } from '../state/what-if.ts'
import { whatIfTables } from './what-if-tables.ts'

const asked = <Answer>(answer: Answer): Asked<Answer, Subject> => ({
  question: { input: inputOf('not bad'), target: { index: 1, foil: null, position: null, space: 'score' } },
  status: 'done',
  error: null,
  answer,
})

const row: WhatIfRow = {
  family: 'delete',
  token: 1,
  edits: [{ kind: 'delete', at: 1 }],
  word: null,
  output: -1,
  before: 2,
  answer: 'NO',
  turned: true,
  attention: Float32Array.of(0.5, 0.25),
  similarity: 0.875,
  left: 0,
}

const store = createAppStore({ ...INITIAL_SETTINGS, interactions: 'on' })
store.setState(({ a }) => ({ a: { ...a, answer: answerOf('not bad') } }))
store.setState((state) => EDITS.put(state, asked({ rows: [row], refused: [] })))
store.setState((state) =>
  COUNTERFACTUALS.put(
    state,
    asked({
      found: [{ edits: [], changes: [{ token: 1, word: 'so' }], margin: -0.5 }],
      closest: null,
      size: 1,
      tried: 3,
      left: 0,
    }),
  ),
)
store.setState((state) =>
  INTERACTIONS.put(state, asked({ units: [[1], [2]], values: Float32Array.of(Number.NaN, 0.5, 0.5, Number.NaN), left: 0, doubts: [] })),
)
const full = store.getState()

describe('the tables of What if', () => {
  const [edits, found, interactions] = whatIfTables(full)

  it('hold all that a row of the page does', () => {
    expect(edits?.rows).toEqual(['delete not'])
    expect(Object.fromEntries(edits?.columns.map((name, at) => [name, edits.values[0]?.[at]]) ?? [])).toEqual({
      token: 2,
      target: -1,
      before: 2,
      change: -3,
      answer: 'NO',
      turned: true,
      'attention moved': 0.375,
      'attention moved in layer 1': 0.5,
      'attention moved in layer 2': 0.25,
      likeness: 0.875,
    })
  })

  it('hold the changes that were found, and the pairs', () => {
    expect([found?.rows, found?.values]).toEqual([['not → so'], [['flip', 1, -0.5, true]]])
    expect([interactions?.rows, interactions?.values]).toEqual([
      ['not', 'bad'],
      [
        [null, 0.5],
        [0.5, null],
      ],
    ])
  })

  it('leave out what is of another text', () => {
    expect(whatIfTables({ ...full, a: { ...full.a, answer: answerOf('so bad') } })).toEqual([])
  })

  it('are lines of a spreadsheet, words between quotes', () => {
    const lines = toCsv(whatIfTables(full)).split('\r\n')
    expect(lines.some((line) => line.startsWith('"a","what if",1,"delete not",5,"answer","NO",'))).toBe(true)
    expect(lines.some((line) => line.startsWith('"a","what if",1,"delete not",6,"turned",true,'))).toBe(true)
    expect(lines).toHaveLength(1 + 10 + 4 + 4)
  })
})
