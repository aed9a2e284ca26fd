import { useMemo } from 'react'
import type { SideAnswer } from '#state/app-state'
import { indexOn } from '#state/layout/token-ref'
import { useApp, useServices } from '../shared/app-context.tsx'
import { attentionTint } from './tint.ts'
import { useTintOf } from './tint-context.tsx'
import type { TokenTextProps } from './token-text.tsx'

export interface SideTokens extends Pick<TokenTextProps, 'tint' | 'selected' | 'hovered' | 'onHover' | 'onSelect'> {}

/** What is chosen and pointed at among the tokens of a side, and how that is changed; choosing the chosen one lets it go. */
export function useSideTokens(side: 'a' | 'b', answer: SideAnswer | null): SideTokens {
  const { actions } = useServices()
  const chosen = useApp((state) => state.settings.token)
  const key = useApp((state) => state.settings.key)
  const hover = useApp((state) => state.hover.token)
  const selected = indexOn(side, chosen)
  const hovered = indexOn(side, hover)
  const by = useApp((state) => state.settings.tint)
  const tintOf = useTintOf()
  const contributions = useApp((state) => tintOf(state, side))
  const attention = useMemo(
    () => (answer && by === 'attention' ? attentionTint(answer, selected ?? hovered) : null),
    [answer, by, selected, hovered],
  )
  const tint = by === 'attention' ? attention : contributions
  return {
    tint,
    selected,
    hovered,
    onHover: (index) => actions.hover({ token: index === null ? null : { side, index } }),
    onSelect: (index) => actions.set({ token: selected === index && key === null ? null : { side, index }, key: null }),
  }
}
