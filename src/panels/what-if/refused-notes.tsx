// What was asked for and has no row, and why.

import { useTranslation } from 'react-i18next'
import type { RefusedTrial } from '#protocol/engine-api'

export interface RefusedNotesProps {
  readonly refused: readonly RefusedTrial[]
  /** Words beyond those that are tried. */
  readonly tooMany: number
}

export function RefusedNotes({ refused, tooMany }: RefusedNotesProps) {
  const { t, i18n } = useTranslation()
  const reasons = Array.from(new Set(refused.map(({ reason }) => reason)))
  return (
    <>
      {tooMany > 0 && <p className="note note-warning">{t('whatIf.tooManyWords', { count: tooMany })}</p>}
      {reasons.map((reason) => {
        const alike = refused.filter((one) => one.reason === reason)
        const words = alike.flatMap(({ family, word }) => (family === 'word' && word !== null ? [t('whatIf.quoted', { word })] : []))
        const others = alike.length - words.length
        const list = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(words)
        return (
          <p key={reason} className="note note-warning">
            {words.length > 0 && `${t('whatIf.refusedWords', { words: list })} `}
            {others > 0 && `${t('whatIf.refusedEdits', { count: others })} `}
            {reason === 'question-gone' ? t('whatIf.questionGone') : t(`edit.refused.${reason}` as 'edit.refused.too-long')}
          </p>
        )
      })}
    </>
  )
}
