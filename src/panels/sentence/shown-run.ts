import type { AppState, SideState } from '#state/app-state'
import { sameInput } from '#state/layout/panes'

/** What is known of a sentence's run; null for B while A is compared with something else: it is then typed and kept, but not run. */
export function shownRun({ settings, a, reference }: AppState, side: 'a' | 'b'): SideState | null {
  if (side === 'a') return a
  return reference && sameInput(reference.input, { text: settings.textB ?? '', edits: settings.editsB }) ? reference : null
}

export function textOf({ settings }: AppState, side: 'a' | 'b'): string {
  return side === 'a' ? settings.textA : (settings.textB ?? '')
}
