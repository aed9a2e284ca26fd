// What is known of a side, and what can be done to its tokens.

import { type RefObject, useMemo, useState } from 'react'
import type { SideAnswer } from '#state/app-state'
import { currentDifference } from '#state/layout/panes'
import type { TokenEdit } from '#text/edit'
import { useApp, useServices } from '../shared/app-context.tsx'
import { type ChangeMarks, changeMarks } from './change-marks.ts'
import { shownRun } from './shown-run.ts'
import { type SideTokens, useSideTokens } from './use-side-tokens.tsx'

export interface Side {
  readonly side: 'a' | 'b'
  readonly answer: SideAnswer | null
  /** What it is compared with. */
  readonly other: SideAnswer | null
  readonly isRunning: boolean
  readonly marks: ChangeMarks
  readonly selection: SideTokens
  /** Whether a word is typed that takes the chosen token's place. */
  readonly replacing: boolean
  readonly onReplacing: (replacing: boolean) => void
  readonly onReplace: (index: number) => void
  readonly onEdit: (edit: TokenEdit) => void
  /** What changes a token goes with the edit; the focus that it had goes back to the token. */
  readonly focusToken: () => void
}

/** @param tokens the element that holds the side's tokens, and no other side's */
export function useSide(side: 'a' | 'b', tokens: RefObject<HTMLElement | null>): Side {
  const { actions } = useServices()
  const answer = useApp((state) => shownRun(state, side)?.answer ?? null)
  const isRunning = useApp((state) => shownRun(state, side)?.status === 'running')
  const other = useApp((state) => (side === 'a' ? state.reference?.answer : state.a.answer) ?? null)
  const alignment = useApp((state) => currentDifference(state)?.alignment ?? null)
  const [replacing, setReplacing] = useState(false)
  const selection = useSideTokens(side, answer)
  const marks = useMemo(
    () => changeMarks(side, alignment, answer?.row.tokens ?? [], other?.row.tokens ?? []),
    [side, alignment, answer, other],
  )
  const focusToken = (): void => tokens.current?.querySelector<HTMLElement>(`[data-index="${selection.selected}"]`)?.focus()
  return {
    side,
    answer,
    other,
    isRunning,
    marks,
    selection: {
      ...selection,
      onSelect: (index) => {
        setReplacing(false)
        selection.onSelect(index)
      },
    },
    replacing,
    onReplacing: (on) => {
      setReplacing(on)
      if (!on) focusToken()
    },
    onReplace: (index) => {
      actions.set({ token: { side, index }, key: null })
      setReplacing(true)
    },
    onEdit: (change) => actions.edit(side, change),
    focusToken,
  }
}
