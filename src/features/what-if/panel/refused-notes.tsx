// What was asked for and has no row, and why.

import { useTranslation } from 'react-i18next'
import { isUnsupportedEdit, type RefusedTrial, unsupportedEdits } from '../api.ts'

export interface RefusedNotesProps {
  readonly refused: readonly RefusedTrial[]
  /** Words beyond those that are tried. */
  readonly tooMany: number
}

export function RefusedNotes({ refused, tooMany }: RefusedNotesProps) {
  const { t, i18n } = useTranslation()
  const named = refused.filter((one) => !isUnsupportedEdit(one))
  const reasons = Array.from(new Set(named.map(({ reason }) => reason)))
  const listOf = (words: readonly string[]): string => new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(words)
  const missing = unsupportedEdits(refused)
  return (
    <>
      {tooMany > 0 && <p className="note note-warning">{t('whatIf.tooManyWords', { count: tooMany })}</p>}
      {reasons.map((reason) => {
        const alike = named.filter((one) => one.reason === reason)
        const words = alike.flatMap(({ family, word }) => (family === 'word' && word !== null ? [t('whatIf.quoted', { word })] : []))
        const others = alike.length - words.length
        return (
          <p key={reason} className="note note-warning">
            {words.length > 0 && `${t('whatIf.refusedWords', { words: listOf(words) })} `}
            {others > 0 && `${t('whatIf.refusedEdits', { count: others })} `}
            {reason === 'question-gone' ? t('whatIf.questionGone') : t(`edit.refused.${reason}` as 'edit.refused.too-long')}
          </p>
        )
      })}
      {missing.length > 0 && (
        <p className="note">
          {t('whatIf.unsupportedEdits', {
            count: missing.reduce((sum, { count }) => sum + count, 0),
            reasons: listOf(missing.map(({ reason, count }) => t(`whatIf.unfit.${reason}`, { number: count }))),
          })}
        </p>
      )}
    </>
  )
}
