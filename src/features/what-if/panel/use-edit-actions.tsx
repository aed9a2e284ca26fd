import { useServices } from '#panels/shared/app-context.tsx'
import type { TokenEdit } from '#text/edit'
import { MAX_EDITS } from '../state/what-if.ts'

export interface EditActions {
  /** The text becomes the edited one, in one step that undo takes back. */
  apply(edits: readonly TokenEdit[]): void
  /** The edited text becomes sentence B, and the text is compared with it. */
  openAsB(edits: readonly TokenEdit[]): void
}

/** What can be done with edits of the text as it is. */
export function useEditActions(): EditActions {
  const { actions, store } = useServices()
  return {
    apply: (edits) => actions.edit('a', ...edits),
    openAsB: (edits) => {
      const { textA, editsA } = store.getState().settings
      const editsB = [...editsA, ...edits]
      if (editsB.length > MAX_EDITS) actions.notify('edit-refused', { reason: 'too-many' })
      else actions.open({ textB: textA, editsB, against: 'b' })
    },
  }
}
