import { describe, expect, it } from 'vitest'
import type { Attribution } from '#methods/attribution'
import { toCsv } from '#panels/shared/export-tables.ts'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import type { AppState } from '#state/app-state'
import { type AttributionState, attributionSlot } from '#state/attributions'
import { answerOf, attributionOf, inputOf } from '#state/state.fixture'
import { createAppStore } from '#state/store'
import { attributionTables } from './attribution-tables.ts'

const TARGET = { index: 1, foil: 0, position: null, space: 'probability' } as const
const plain = attributionOf([1, 2, 3, 4], { target: TARGET })
const together: Attribution = {
  ...plain,
  method: 'lime',
  values: Float32Array.of(0, 0.25, 0.25, 0),
  isSigned: true,
  errors: Float32Array.of(0, 0.125, 0.125, 0),
  taken: { unit: 'word', removal: 'mask', units: [[1, 2]], instead: [['[MASK]', '[MASK]']] },
  runs: 8,
  known: 3,
}
const stateOf = (answer: Attribution): AttributionState => ({
  question: { input: inputOf('not bad'), target: TARGET },
  status: 'done',
  error: null,
  answer,
})
function stateWith(change: Partial<Settings> = {}): AppState {
  const settings: Settings = { ...INITIAL_SETTINGS, methods: ['saliency', 'lime'], ...change }
  const store = createAppStore(settings)
  store.setState(({ a }) => ({ a: { ...a, answer: answerOf('not bad') } }))
  store.setState((state) => attributionSlot('a', 'saliency').put(state, stateOf(plain)))
  store.setState((state) => attributionSlot('a', 'lime').put(state, stateOf(together)))
  return store.getState()
}

describe('the tables of what mattered', () => {
  it('are one a method, in what it took away, with what was asked and what it took', () => {
    const [one, other] = attributionTables(stateWith())
    expect(one).toMatchObject({ rows: ['saliency'], columns: ['[CLS]', 'not', 'bad', '[SEP]'], values: [[1, 2, 3, 4]] })
    expect(one?.errors).toBeUndefined()
    expect(one?.about).toMatchObject({ target: 'YES', rather_than: 'NO', target_space: 'probability', unit: null, absence: null, runs: 1 })
    expect(other).toMatchObject({ rows: ['lime'], columns: ['[CLS]', 'notbad', '[SEP]'], values: [[0, 0.5, 0]], errors: [[0, 0.25, 0]] })
    expect(other?.about).toMatchObject({ unit: 'word', absence: 'mask', runs: 8, runs_known_before: 3 })
  })

  it('say the settings that change something for their method', () => {
    const store = createAppStore({ ...INITIAL_SETTINGS, methods: ['integrated-gradients'], baseline: 'mask', noise: 70 })
    store.setState(({ a }) => ({ a: { ...a, answer: answerOf('not bad') } }))
    store.setState((state) =>
      attributionSlot('a', 'integrated-gradients').put(state, stateOf({ ...plain, method: 'integrated-gradients' })),
    )
    const [table] = attributionTables(store.getState())
    expect(table?.about).toMatchObject({ baseline: 'mask', layer: null, noise_percent: null, lime_units: null })
  })

  it('have both ends of the steps where steps are drawn', () => {
    const [one, other] = attributionTables(stateWith({ attributionChart: 'waterfall' }))
    expect(one?.values[0]?.slice(-4)).toEqual([null, null, null, null])
    expect([other?.columns.slice(-4), other?.values[0]?.slice(-4), other?.errors?.[0]?.slice(-4)]).toEqual([
      ['base', 'tokens not shown', 'not explained', 'output'],
      [0.5, 0, 0, 1],
      [null, null, null, null],
    ])
  })

  it('are lines of a file that bear all of it', () => {
    const [head, ...lines] = toCsv(attributionTables(stateWith())).split('\r\n')
    expect(head).toBe(
      'side,heads,query_position,query,key_position,key,value,standard_error,target,rather_than,target_position,target_space,unit,absence,baseline,layer,noise_percent,lime_units,runs,runs_known_before,is_finished,sum,expected_sum',
    )
    expect(lines[1]).toBe('"a","attribution",1,"saliency",2,"not",2,,"YES","NO",,"probability",,,,,,,1,0,true,,')
    expect(lines[5]).toBe('"a","attribution",1,"lime",2,"notbad",0.5,0.25,"YES","NO",,"probability","word","mask",,,,0,8,3,true,0.5,')
  })
})
