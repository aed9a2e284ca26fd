import { useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import './sentence.css'

/** Far beyond the model's 512 tokens; a larger paste is cut here before it can slow the page. */
export const MAX_CHARACTERS = 20_000

export interface SentenceFieldProps {
  readonly label: string
  readonly badge: string | null
  readonly value: string
  /** The model is at work on this text; shown only when it takes a while. */
  readonly isRunning: boolean
  /** Takes the focus when it appears, with its text selected: the reader has just asked for it. */
  readonly takesFocus?: boolean
  readonly onChange: (text: string) => void
  /** The reader paused or left: the text goes into the history. */
  readonly onCommit: () => void
}

/** A text field that grows with its text. */
export function SentenceField({ label, badge, value, isRunning, takesFocus = false, onChange, onCommit }: SentenceFieldProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLTextAreaElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (takesFocus) field.current?.select()
  }, [takesFocus])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    // Browsers that size fields by their content need no measuring, which would lay the page out at every keystroke.
    if (!field.current || CSS.supports('field-sizing', 'content')) return
    field.current.style.height = 'auto'
    field.current.style.height = `${field.current.scrollHeight}px`
  }, [value])
  return (
    <label className="sentence-field">
      {badge === null ? (
        <span className="ui-hidden">{label}</span>
      ) : (
        <span className="side-badge" title={label}>
          {badge}
        </span>
      )}
      <textarea
        ref={field}
        rows={1}
        value={value}
        maxLength={MAX_CHARACTERS}
        aria-label={label}
        placeholder={t('input.placeholder')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          onChange(event.target.value)
          clearTimeout(timer.current)
          timer.current = setTimeout(onCommit, COMMIT_AFTER_MS)
        }}
        onBlur={() => {
          clearTimeout(timer.current)
          onCommit()
        }}
      />
      {isRunning && (
        <span className="running-dot" title={t('input.running')}>
          <span className="ui-hidden">{t('input.running')}</span>
        </span>
      )}
    </label>
  )
}

/** A pause this long ends an entry of the history. */
const COMMIT_AFTER_MS = 1200
