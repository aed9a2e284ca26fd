import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { WhatIfRow } from '#protocol/engine-api'
import type { SideAnswer } from '#state/app-state'

/** What an edit does, in a few words: "not" deleted, "bad" → "good". */
export function useEditWords(): (answer: SideAnswer, edit: Pick<WhatIfRow, 'family' | 'token' | 'word'>) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ row }, { family, token, word }) => {
      const label = (at: number): string => row.tokens[at]?.label.trim() ?? ''
      if (word !== null) return t('whatIf.replaced', { token: label(token), word })
      switch (family) {
        case 'mask':
          return t('whatIf.masked', { token: label(token) })
        case 'swap':
          return t('whatIf.swapped', { token: label(token), next: label(token + 1) })
        default:
          return t('whatIf.deleted', { token: label(token) })
      }
    },
    [t],
  )
}
