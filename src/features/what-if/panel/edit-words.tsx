import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SideAnswer } from '#state/app-state'
import type { WhatIfRow } from '../api.ts'
import { tokenNames } from './token-names.ts'

/** What an edit does, in a few words: "not" deleted, "bad" → "good". Said once of each row of a long table. */
export function useEditWords({ row: { tokens } }: SideAnswer): (edit: WhatIfRow) => string {
  const { t } = useTranslation()
  return useMemo(() => {
    const known = new WeakMap<WhatIfRow, string>()
    const names = tokenNames(tokens)
    const label = (at: number): string => names[at] ?? ''
    const say = ({ family, token, word }: WhatIfRow): string => {
      if (word !== null) return t('whatIf.replaced', { token: label(token), word })
      switch (family) {
        case 'mask':
          return t('whatIf.masked', { token: label(token) })
        case 'swap':
          return t('whatIf.swapped', { token: label(token), next: label(token + 1) })
        default:
          return t('whatIf.deleted', { token: label(token) })
      }
    }
    return (edit) => {
      const text = known.get(edit) ?? say(edit)
      known.set(edit, text)
      return text
    }
  }, [t, tokens])
}
