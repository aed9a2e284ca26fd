// How the tokens of a text are tinted, and below which of them a value is written.

import { type CSSProperties, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenTint } from '#state/token-tint'
import { useFormat } from '../shared/use-format.tsx'
import type { ShownText } from './shown-text.ts'

/** Values stand below the strongest words of a text that is no longer. */
export const LONG_TEXT = 220
const MOST_VALUES = 6
/** Of the largest value: what is smaller is left to hover. */
const WORTH_WRITING = 0.3
/** A number takes as much room as so many characters. */
const ROOM = 3.5

export interface Look {
  /** Signed where it is a contribution. */
  readonly value: number
  readonly isSigned: boolean
  readonly text: string
  readonly style: CSSProperties
  readonly isWritten: boolean
}

/** How a token is tinted: null where nothing is known of it. */
export function useLooks(tint: TokenTint | null, shown: ShownText): (token: number) => Look | null {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo(() => {
    const textOf = {
      contribution: format.short,
      share: format.percent,
      bits: (value: number) => t('input.bits', { value: format.short(value).replace('+', '') }),
    }
    if (tint === null) return (): null => null
    const sizes = Array.from(tint.values.values(), (value) => Math.abs(value) || 0)
    const largest = Math.max(tint.leastFull, ...sizes)
    const groups = tint.groups.length > 0 ? tint.groups : Array.from(tint.values.keys(), (token) => [token])
    const firstOf = (group: number): number => groups[group]?.[0] ?? -1
    const sizeOf = (group: number): number => Math.abs(tint.values.get(firstOf(group)) ?? 0) || 0
    /** Twice the place of a word's middle, in characters. */
    const middleOf = (group: number): number => {
      const span = shown.spans[firstOf(group)]
      return (span?.start ?? 0) + (span?.end ?? 0)
    }
    const chosen = new Set<number>()
    const isLong = shown.text.length > LONG_TEXT
    for (const group of tint.kind === 'share' || isLong
      ? []
      : Array.from(groups.keys()).sort((one, other) => sizeOf(other) - sizeOf(one))) {
      if (chosen.size === MOST_VALUES || sizeOf(group) < WORTH_WRITING * largest) break
      // Beside short words a number would lie on its neighbour's.
      const isCrowded = Array.from(chosen).some((other) => Math.abs(middleOf(other) - middleOf(group)) < 2 * ROOM)
      if (!isCrowded) chosen.add(group)
    }
    const written = new Set(Array.from(chosen, firstOf))
    return (token: number) => {
      const value = tint.values.get(token)
      if (value === undefined || Number.isNaN(value)) return null
      return {
        value: tint.kind === 'contribution' ? value : 0,
        isSigned: tint.kind === 'contribution',
        text: textOf[tint.kind](value),
        style: { '--tint': `${Math.round((100 * Math.abs(value)) / largest)}%` },
        isWritten: written.has(token),
      }
    }
  }, [tint, shown, format, t])
}
