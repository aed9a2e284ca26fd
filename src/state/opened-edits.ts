// An edit that is looked at more closely stands as B: A's own text with more edits than A has. So a link restores it, and undo takes it back.

import type { TokenEdit } from '#text/edit'
import type { AppState } from './app-state.ts'
import { referenceOf } from './reference.ts'

/** The edits that B has beyond A's, as `editsKey` writes them; null where A is compared with something else. */
export function openedEdits({ settings, history }: Pick<AppState, 'settings' | 'history'>): string | null {
  const { textA, editsA, textB, editsB } = settings
  if (textB !== textA || editsB.length <= editsA.length || referenceOf(settings, history)?.kind !== 'b') return null
  return editsKey(editsB.slice(0, editsA.length)) === editsKey(editsA) ? editsKey(editsB.slice(editsA.length)) : null
}

/** Equal for the same edits. */
export function editsKey(edits: readonly TokenEdit[]): string {
  return JSON.stringify(edits)
}
