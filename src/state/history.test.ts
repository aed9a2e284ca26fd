import { describe, expect, it } from 'vitest'
import type { History, HistoryEntry } from './app-state.ts'
import { entryBefore, moveTo, record, repairHistory, sameEntry, startHistory } from './history.ts'

const entry = (textA: string, change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  textA,
  editsA: [],
  textB: null,
  editsB: [],
  against: 'auto',
  ...change,
})
const historyOf = (...texts: readonly string[]): History =>
  texts.slice(1).reduce((history, text) => record(history, entry(text)), startHistory(entry(texts[0] ?? '')))
const textsOf = (history: History): string[] => history.entries.map(({ textA }) => textA)

describe('record', () => {
  it('adds an entry after the present place', () => {
    const history = historyOf('a', 'b', 'c')
    expect([textsOf(history), history.at]).toEqual([['a', 'b', 'c'], 2])
  })

  it('adds nothing when the inputs are those that stand there', () => {
    const history = historyOf('a', 'b')
    expect(record(history, entry('b'))).toBe(history)
    const edited = record(history, entry('b', { editsA: [{ kind: 'mask', at: 1 }] }))
    expect(record(edited, entry('b', { editsA: [{ kind: 'mask', at: 1 }] }))).toBe(edited)
  })

  it('keeps another comparison of the same inputs with them', () => {
    const history = record(historyOf('a', 'b'), entry('b', { against: 'none' }))
    expect([textsOf(history), history.at, history.entries[1]?.against]).toEqual([['a', 'b'], 1, 'none'])
  })

  it('tells entries apart by each of their four parts', () => {
    const plain = entry('a', { textB: 'b' })
    expect(sameEntry(plain, { ...plain })).toBe(true)
    expect(sameEntry(plain, { ...plain, textA: 'x' })).toBe(false)
    expect(sameEntry(plain, { ...plain, textB: null })).toBe(false)
    expect(sameEntry(plain, { ...plain, editsA: [{ kind: 'mask', at: 1 }] })).toBe(false)
    expect(sameEntry(plain, { ...plain, editsB: [{ kind: 'mask', at: 1 }] })).toBe(false)
  })

  it('cuts off what came after, once something is changed in the past', () => {
    const history = record(moveTo(historyOf('a', 'b', 'c'), 0), entry('x'))
    expect([textsOf(history), history.at]).toEqual([['a', 'x'], 1])
  })

  it('forgets the oldest beyond a hundred', () => {
    const history = historyOf(...Array.from({ length: 105 }, (_, i) => String(i)))
    expect([history.entries.length, history.at, textsOf(history)[0], textsOf(history)[99]]).toEqual([100, 99, '5', '104'])
  })
})

describe('moveTo', () => {
  it('moves to an entry that exists, and nowhere else', () => {
    const history = historyOf('a', 'b', 'c')
    expect(moveTo(history, 1).at).toBe(1)
    expect(moveTo(history, -1)).toBe(history)
    expect(moveTo(history, 3)).toBe(history)
  })
})

describe('entryBefore', () => {
  it('is the newest entry up to the present place with another A', () => {
    const history = historyOf('a', 'b', 'c')
    expect(entryBefore(history, entry('c'))?.textA).toBe('b')
    expect(entryBefore(moveTo(history, 1), entry('b'))?.textA).toBe('a')
    expect(entryBefore(history, entry('being typed'))?.textA).toBe('c')
  })

  it('passes over entries where only B changed', () => {
    const history = record(record(historyOf('a', 'b'), entry('b', { textB: 'x' })), entry('b', { textB: 'y' }))
    expect(entryBefore(history, entry('b', { textB: 'y' }))?.textA).toBe('a')
  })

  it('takes an edited A for another A', () => {
    const edited = entry('a', { editsA: [{ kind: 'delete', at: 1 }] })
    expect(entryBefore(record(historyOf('a'), edited), edited)).toEqual(entry('a'))
  })

  it('is null at the start', () => {
    expect(entryBefore(historyOf('a'), entry('a'))).toBeNull()
  })
})

describe('repairing', () => {
  it('leaves no two equal entries behind, and the place on the one that stays', () => {
    const repaired = repairHistory({ ...historyOf('a', 'ab', 'abc', 'abcd'), at: 2 }, (one) => entry(one.textA.slice(0, 2)))
    expect([textsOf(repaired), repaired.at]).toEqual([['a', 'ab'], 1])
  })
})
