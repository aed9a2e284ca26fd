import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { indexOn } from '#state/layout/token-ref'
import { beforeOpened, editsKey, openedEdits } from '#state/opened-edits'
import type { TokenEdit } from '#text/edit'

export interface OpenedEdits {
  isOpen(edits: readonly TokenEdit[]): boolean
  /** The edited text stands beside the text as it is: every difference is shown from there. */
  open(edits: readonly TokenEdit[]): void
  /** What stood as B before stands there again. */
  close(): void
}

/** The edits that stand as B. */
export function useOpenedEdits(): OpenedEdits {
  const { actions, store } = useServices()
  const opened = useApp(openedEdits)
  /** What is asked about A's token is asked all the same. */
  const kept = () => {
    const { token } = store.getState().settings
    return { token: indexOn('a', token) === null ? null : token }
  }
  return {
    isOpen: (edits) => opened === editsKey(edits),
    open: (edits) => {
      const { textA, editsA } = store.getState().settings
      actions.open({ textB: textA, editsB: [...editsA, ...edits], against: 'b', ...kept() })
    },
    close: () => actions.open({ ...beforeOpened(store.getState().history), ...kept() }),
  }
}
