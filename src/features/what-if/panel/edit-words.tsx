import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { unitText } from '#panels/shared/unit-text.ts'
import type { SideAnswer } from '#state/app-state'
import type { WhatIfRow } from '../api.ts'
import { tokenNames } from './token-names.ts'

type NamedEdit = Pick<WhatIfRow, 'family' | 'tokens' | 'next' | 'word'>

/** What an edit does, in a few words: “not” deleted, “bad” → “good”. Said once of each row of a long list. */
export function useEditWords({ row: { tokens } }: SideAnswer): (edit: NamedEdit) => string {
  const { t } = useTranslation()
  return useMemo(() => {
    const known = new WeakMap<NamedEdit, string>()
    const names = tokenNames(tokens)
    const label = (unit: readonly number[]): string => (unit.length === 1 ? (names[unit[0] ?? -1] ?? '') : unitText(tokens, unit).trim())
    const say = ({ family, tokens: unit, next, word }: NamedEdit): string => {
      const token = label(unit)
      if (word !== null) return t('whatIf.replaced', { token, word })
      if (family === 'swap') return t('whatIf.swapped', { token, next: label(next ?? []) })
      return t(family === 'mask' ? 'whatIf.masked' : 'whatIf.deleted', { token })
    }
    return (edit) => {
      const text = known.get(edit) ?? say(edit)
      known.set(edit, text)
      return text
    }
  }, [t, tokens])
}
