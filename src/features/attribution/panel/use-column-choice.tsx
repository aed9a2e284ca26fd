import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { type Column, columnAt } from '#panels/shared/token-columns.ts'
import { slotOf, tokenAt } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'

/** Choosing and pointing at columns of a pane, as at tokens everywhere. */
export function useColumnChoice({ frame }: Pane, columns: readonly Column[]) {
  const { actions } = useServices()
  const chosen = useApp((state) => state.settings.token)
  const selected = columnAt(columns, chosen)
  const tokenOf = (at: number) => {
    const column = columns[at]
    const slot = column && frame.slots.findIndex(({ a, b }) => (column.a.length > 0 ? a === column.a[0] : b === column.b[0]))
    return slot === undefined || slot < 0 ? null : tokenAt(frame, slot)
  }
  return {
    selected: selected < 0 ? null : selected,
    select: (at: number): void => {
      const token = tokenOf(at)
      if (token !== null) actions.set({ token: selected === at ? null : token, key: null })
    },
    hover: (at: number | null): void => {
      const token = at === null ? null : tokenOf(at)
      actions.hover({ token: token !== null && slotOf(frame, token) !== null ? token : null })
    },
  }
}
