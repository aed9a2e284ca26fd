// The run history: a line of inputs with one place on it. Going back and then changing something cuts the rest off.

import type { History, HistoryEntry } from './app-state.ts'

/** Older entries are forgotten: a lesson makes dozens, nobody goes back through hundreds. */
const MAX_ENTRIES = 100

export function startHistory(entry: HistoryEntry): History {
  return { entries: [entry], at: 0 }
}

/** Adds the present inputs after the present place, unless they are what stands there; another comparison of these is kept with them. */
export function record(history: History, entry: HistoryEntry): History {
  const present = history.entries[history.at]
  if (present && sameEntry(present, entry)) {
    return present.against === entry.against ? history : { ...history, entries: history.entries.with(history.at, entry) }
  }
  const entries = [...history.entries.slice(0, history.at + 1), entry].slice(-MAX_ENTRIES)
  return { entries, at: entries.length - 1 }
}

/** The history with entries that turned out to be impossible repaired; neighbours that are equal then become one. */
export function repairHistory(history: History, repair: (entry: HistoryEntry) => HistoryEntry): History {
  const entries: HistoryEntry[] = []
  let at = 0
  history.entries.forEach((entry, index) => {
    const kept = repair(entry)
    const last = entries.at(-1)
    if (!last || !sameEntry(last, kept)) entries.push(kept)
    if (index <= history.at) at = entries.length - 1
  })
  return { entries, at }
}

/** The history with its place moved to an existing entry, or unchanged. */
export function moveTo(history: History, at: number): History {
  return at >= 0 && at < history.entries.length ? { ...history, at } : history
}

/** The newest entry up to the present place whose A is another than `current`'s: the text before. */
export function entryBefore(history: History, current: HistoryEntry): HistoryEntry | null {
  for (let i = history.at; i >= 0; i--) {
    const entry = history.entries[i]
    if (entry && !sameA(entry, current)) return entry
  }
  return null
}

/** Whether the inputs are the same. */
export function sameEntry(one: HistoryEntry, other: HistoryEntry): boolean {
  return sameA(one, other) && one.textB === other.textB && sameEdits(one.editsB, other.editsB)
}

export function sameA(one: HistoryEntry, other: HistoryEntry): boolean {
  return one.textA === other.textA && sameEdits(one.editsA, other.editsA)
}

function sameEdits(one: HistoryEntry['editsA'], other: HistoryEntry['editsA']): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
