// An edit that the engine refuses is taken back, so that the page never stands on an input that cannot be run.

import type { SideState } from './app-state.ts'
import type { Actions, AppStore } from './store.ts'

/** Follows the sides' errors; returns the function that stops. */
export function revertRefusedEdits(store: AppStore, actions: Pick<Actions, 'withdrawEdits'>): () => void {
  return store.subscribe(({ a, reference, settings }) => {
    const refused = refusalOf(a)
    if (refused && a.input.edits === settings.editsA) return actions.withdrawEdits('a', refused.edit, refused.reason)
    const other = reference && refusalOf(reference)
    if (other && reference.input.edits === settings.editsB) actions.withdrawEdits('b', other.edit, other.reason)
  })
}

function refusalOf({ status, error }: SideState): { readonly edit: number; readonly reason: string } | null {
  if (status !== 'failed' || error?.kind !== 'edit-refused') return null
  const { edit, reason } = error.data
  return typeof edit === 'number' ? { edit, reason: String(reason) } : null
}
