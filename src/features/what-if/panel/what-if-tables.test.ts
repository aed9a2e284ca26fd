import { describe, expect, it } from 'vitest'
import { toCsv, toJsonTables } from '#panels/shared/export-tables.ts'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
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
  tokens: [1],
  next: null,
  edits: [{ kind: 'delete', at: 1 }],
  word: null,
  output: -1,
  before: 2,
  probabilities: { before: 0.9, after: 0.25 },
  answer: 'NO',
  answerProbability: 0.75,
  flips: true,
  attention: Float32Array.of(0.5, 0.25),
  heads: [{ layer: 0, head: 1, moved: 0.5 }],
  similarity: 0.875,
  left: 0,
}

const store = createAppStore({ ...INITIAL_SETTINGS, interactions: 'on' })
const answer = answerOf('not bad')
// Words stand apart, as in a text.
const tokens = answer.row.tokens.map((token, at) => (token.source === 'template' ? token : { ...token, start: 4 * at, end: 4 * at + 3 }))
store.setState(({ a }) => ({ a: { ...a, answer: { ...answer, row: { ...answer.row, tokens } } } }))
store.setState((state) => EDITS.put(state, asked({ rows: [row], left: 0, refused: [] })))
store.setState((state) =>
  COUNTERFACTUALS.put(
    state,
    asked({
      found: [
        {
          edits: [],
          changes: [{ token: 1, word: 'so' }],
          margin: -0.5,
          answer: { label: 'YES', probability: 0.75, targetProbability: 0.25 },
        },
      ],
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

const tablesOf = (whatIfView: Settings['whatIfView']) => whatIfTables({ ...full, settings: { ...full.settings, whatIfView } })
const recordsOf = (whatIfView: Settings['whatIfView']) => toJsonTables(tablesOf(whatIfView))[0]

describe('the files of What if', () => {
  it('have one record an edit, with all that a row of the page holds', () => {
    expect(recordsOf('scan')).toMatchObject({
      name: 'single-edit scan',
      about: { target: 'YES', target_space: 'score', unit: 'token' },
      records: [
        {
          rank: 1,
          edit: 'delete',
          token_position: 2,
          token: 'not',
          replacement: null,
          edited_text: 'bad',
          before: 2,
          after: -1,
          change: -3,
          probability_before: 0.9,
          probability_after: 0.25,
          answer: 'NO',
          answer_probability: 0.75,
          flips: true,
          attention_shift: 0.375,
          attention_shift_layer_1: 0.5,
          attention_shift_layer_2: 0.25,
          cosine_similarity: 0.875,
        },
      ],
    })
  })

  it('have one record a counterfactual, with its text', () => {
    expect(recordsOf('counterfactuals')).toMatchObject({
      records: [
        {
          goal: 'flip',
          changes: 'not → so',
          edited_text: 'so bad',
          edits: 1,
          margin: -0.5,
          reached: true,
          answer: 'YES',
          answer_probability: 0.75,
        },
      ],
    })
  })

  it('have the matrix of pairs', () => {
    const cells = [
      [null, 0.5],
      [0.5, null],
    ]
    expect(tablesOf('interactions')).toMatchObject([{ rows: ['not', 'bad'], values: cells, about: { unit: 'token', absence: 'delete' } }])
  })

  it('leave out what is of another text', () => {
    expect(whatIfTables({ ...full, a: { ...full.a, answer: answerOf('so bad') } })).toEqual([])
  })

  it('are one line an edit in a spreadsheet, each with where it comes from', () => {
    const lines = toCsv(tablesOf('scan'), { model: 'toy', text: 'not bad' }).split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^rank,edit,token_position,.*,flips,.*,target,.*,model,text$/)
    expect(lines[1]).toMatch(/^1,"delete",2,"not",,"bad",2,-1,-3,0.9,0.25,"NO",0.75,true,.*,"toy","not bad"$/)
  })
})
