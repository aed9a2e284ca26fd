import { useTranslation } from 'react-i18next'
import type { ModelState, SideState } from '#state/app-state'
import { useErrorText } from '../shared/use-error-text.tsx'
import { MAX_CHARACTERS } from './sentence-field.tsx'

/** A share of unknown tokens beyond which the answer means little. */
const UNKNOWN_SHARE = 0.2
/** A share of words that are unknown, or read letter by letter, beyond which the model does not read the text's script. */
const FOREIGN_SHARE = 0.5
/** Characters that are named. */
const NAMED = 5
const UNKNOWN_PIECES = new Set(['[UNK]', '<unk>'])

export interface SideNotesProps {
  readonly state: Omit<SideState, 'thumbnails'>
  /** The model that the side waits for. */
  readonly model: ModelState
  /** Said before each note, where two sides stand in one place. */
  readonly name?: string
}

/** What the reader must know of one side's run: it failed, waits, was cut, or means little. */
export function SideNotes({ state, model, name }: SideNotesProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { answer, error, status } = state
  const row = answer?.row
  const waiting = status === 'running' && model.status !== 'ready' && answer?.input.text !== state.input.text
  const cutAt = row?.cutAt ?? null
  const unknown = row?.tokens.filter(({ piece }) => UNKNOWN_PIECES.has(piece)).length ?? 0
  const known = row?.wordsKnown
  const foreign = known !== undefined && known.unknown > FOREIGN_SHARE * known.words ? known : null
  const of = name && <strong>{name}: </strong>
  return (
    <div className="side-notes" role="status">
      {error && !(error.kind === 'no-model' && model.status === 'loading') && (
        <p className="note note-error">
          {of}
          {errorText(error)}
        </p>
      )}
      {waiting && (
        <p className="note">
          {of}
          {t('input.waiting')}…
        </p>
      )}
      {state.input.text.length >= MAX_CHARACTERS && (
        <p className="note note-warning">
          {of}
          {t('input.tooLong', { count: MAX_CHARACTERS })}
        </p>
      )}
      {row && cutAt !== null && (
        <p className="note note-warning">
          {of}
          {t('input.cut', { max: row.tokens.length, wanted: row.wantedLength, before: tail(answer.input.text, cutAt) })}
        </p>
      )}
      {answer?.input.text.trim() === '' && (
        <p className="note">
          {of}
          {t('input.empty')}
        </p>
      )}
      {foreign && (
        <p className="note note-warning">
          {of}
          {t('input.foreign', { unknown: foreign.unknown, total: foreign.words })}
        </p>
      )}
      {row && !foreign && unknown > UNKNOWN_SHARE * row.tokens.length && (
        <p className="note note-warning">
          {of}
          {t('input.unknown', { unknown, total: row.tokens.length })}
        </p>
      )}
      {answer && row?.dropped && (
        <p className="note note-warning">
          {of}
          {t('input.dropped', { count: row.dropped.length, first: charactersOf(answer.input.text, row.dropped) })}
        </p>
      )}
    </div>
  )
}

/** Some of the characters at places of a text, each once. */
function charactersOf(text: string, places: readonly { readonly start: number; readonly end: number }[]): string {
  const all = Array.from(new Set(places.map(({ start, end }) => text.slice(start, end))))
  return `${all.slice(0, NAMED).join(' ')}${all.length > NAMED ? ' …' : ''}`
}

/** The last words before the cut, so that the reader finds the place. */
function tail(text: string, end: number): string {
  return text
    .slice(Math.max(0, end - 30), end)
    .replace(/^\S*\s+(?=\S)/, '')
    .trimEnd()
}
