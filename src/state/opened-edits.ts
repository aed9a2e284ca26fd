// An edit that is looked at more closely stands as B: A's own text with more edits than A has. So a link restores it, and undo takes it back.

import type { Settings } from '#share/settings'
import type { TokenEdit } from '#text/edit'
import type { AppState, HistoryEntry } from './app-state.ts'
import { referenceOf } from './reference.ts'

/** The edits that B has beyond A's, as `editsKey` writes them; null where A is compared with something else. */
export function openedEdits({ settings, history }: Pick<AppState, 'settings' | 'history'>): string | null {
  return referenceOf(settings, history)?.kind === 'b' ? addedEdits(settings) : null
}

/** null where B is another text, or has no edits beyond A's. */
function addedEdits({ textA, editsA, textB, editsB }: HistoryEntry): string | null {
  if (textB !== textA || editsB.length <= editsA.length) return null
  return editsKey(editsB.slice(0, editsA.length)) === editsKey(editsA) ? editsKey(editsB.slice(editsA.length)) : null
}

/** B, and what A was compared with, before edits were opened; a link that opened them tells of none. */
export function beforeOpened({ entries, at }: AppState['history']): Pick<Settings, 'textB' | 'editsB' | 'against'> {
  const before = entries.slice(0, at + 1).findLast((entry) => addedEdits(entry) === null)
  if (before === undefined) return { textB: null, editsB: [], against: 'auto' }
  const { textB, editsB, against } = before
  return { textB, editsB, against }
}

/** What changes with A where edits of it are open; nothing where B is the reader's own, who is not asked to compare with it. */
export function withoutOpened(state: Pick<AppState, 'settings' | 'history'>): Partial<Settings> {
  return state.settings.against === 'b' && openedEdits(state) !== null ? beforeOpened(state.history) : {}
}

/** Equal for the same edits. */
export function editsKey(edits: readonly TokenEdit[]): string {
  return JSON.stringify(edits)
}
