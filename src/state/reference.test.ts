import { describe, expect, it } from 'vitest'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import type { History } from './app-state.ts'
import { record, startHistory } from './history.ts'
import { choiceOf, inputA, paneOf, referenceOf, referencesOf } from './reference.ts'
import { entryOf } from './store.ts'

const MASK = [{ kind: 'mask' as const, at: 1 }]
const settingsOf = (change: Partial<Settings> = {}): Settings => ({ ...INITIAL_SETTINGS, textA: 'now', ...change })
const alone = (settings: Settings): History => startHistory(entryOf(settings))
/** A history in which `earlier` came before the settings. */
const cameAfter = (earlier: string, settings: Settings): History =>
  record(startHistory(entryOf({ ...settings, textA: earlier, editsA: [] })), entryOf(settings))

const everything = settingsOf({ textB: 'b', editsB: MASK, editsA: MASK })

describe('the reference', () => {
  it('is nothing when there is nothing else', () => {
    const settings = settingsOf()
    expect(referencesOf(settings, alone(settings))).toEqual([])
    expect(referenceOf(settings, alone(settings))).toBeNull()
  })

  it('is B first, then the unedited text, then the text before', () => {
    expect(referencesOf(everything, cameAfter('earlier', everything))).toEqual([
      { kind: 'b', input: { text: 'b', edits: MASK } },
      { kind: 'unedited', input: { text: 'now', edits: [] } },
      { kind: 'before', input: { text: 'earlier', edits: [] } },
    ])
  })

  it.each([
    [settingsOf({ textB: 'b', editsA: MASK }), 'b'],
    [settingsOf({ textB: '' }), 'b'],
    [settingsOf({ editsA: MASK }), 'unedited'],
    [settingsOf({ textA: 'earlier, and more' }), 'before'],
    [settingsOf({ textA: 'early' }), 'before'],
  ])('is the most natural one when none is named (%#)', (settings, kind) => {
    expect(referenceOf(settings, cameAfter('earlier', settings))?.kind).toBe(kind)
  })

  it('is not another text unless it is named: there would be nothing to align', () => {
    const settings = settingsOf({ textA: 'a quite different sentence' })
    expect(referenceOf(settings, cameAfter('earlier', settings))).toBeNull()
    expect(referenceOf({ ...settings, against: 'before' }, cameAfter('earlier', settings))?.kind).toBe('before')
  })

  it.each(['b', 'unedited', 'before'] as const)('is %s when it is named', (against) => {
    const settings = { ...everything, against }
    expect(referenceOf(settings, cameAfter('earlier', settings))?.kind).toBe(against)
  })

  it('is the most natural one when the named one is not there', () => {
    const settings = settingsOf({ against: 'b', editsA: MASK })
    expect(referenceOf(settings, alone(settings))?.kind).toBe('unedited')
  })

  it('is nothing when the reader wants none', () => {
    const settings = { ...everything, against: 'none' as const }
    expect(referenceOf(settings, cameAfter('earlier', settings))).toBeNull()
  })
})

describe('what is read from the settings', () => {
  it('input A has the text and its edits', () => {
    expect(inputA(everything)).toEqual({ text: 'now', edits: MASK })
  })

  it('without a reference there is only the pane of A', () => {
    expect(paneOf(settingsOf({ pane: 'difference' }), false)).toBe('a')
    expect(paneOf(settingsOf({ pane: 'difference' }), true)).toBe('difference')
  })
})

describe('the choice', () => {
  const [one, two] = [
    { layer: 0, head: 1 },
    { layer: 2, head: 0 },
  ]
  const choice = (change: Partial<Settings>, layers = 6, heads = 12) => choiceOf(settingsOf(change), layers, heads)

  it('is one head as it is, whatever the reduction', () => {
    for (const reduce of ['each', 'mean', 'max'] as const)
      expect(choice({ heads: [two], reduce })).toEqual({ heads: [two], reduce: 'each' })
  })

  it('shows several heads one by one as lines, and averaged as one matrix', () => {
    const heads = [one, two]
    expect(choice({ heads, reduce: 'each', chart: 'flow' }).reduce).toBe('each')
    expect(choice({ heads, reduce: 'each', chart: 'arcs' }).reduce).toBe('each')
    expect(choice({ heads, reduce: 'each', chart: 'heatmap' }).reduce).toBe('mean')
    expect(choice({ heads, reduce: 'each', chart: 'token' }).reduce).toBe('mean')
  })

  it('keeps the maximum or the mean that was asked for', () => {
    for (const chart of ['heatmap', 'flow'] as const) {
      for (const reduce of ['mean', 'max'] as const)
        expect(choice({ heads: [one, two], reduce, chart })).toEqual({ heads: [one, two], reduce })
    }
  })

  it('leaves out heads that the model does not have, and names none when none is left', () => {
    expect(choice({ heads: [one, two] }, 2, 12)).toEqual({ heads: [one], reduce: 'each' })
    expect(choice({ heads: [one, two] }, 6, 1)).toEqual({ heads: [two], reduce: 'each' })
    expect(choice({ heads: [{ layer: 6, head: 12 }] })).toEqual({ heads: [], reduce: 'each' })
    expect(choice({ heads: [] })).toEqual({ heads: [], reduce: 'each' })
  })
})
