import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
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
  /** A token was clicked, or pointed at. */
  readonly onToken: (index: number) => void
  readonly onHover: (index: number | null) => void
  /** The text as tokens, letter for letter: it is seen through the field. */
  readonly children: ReactNode
}

/** A text that is typed in where its tokens stand: the field lies over them, and is as large as they are. */
export function SentenceField({ label, badge, value, isRunning, takesFocus = false, children, ...on }: SentenceFieldProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLTextAreaElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const pointed = useRef<number | null>(null)
  useEffect(() => {
    if (takesFocus) field.current?.select()
  }, [takesFocus])
  useIndent(field)
  const point = (index: number | null): void => {
    if (pointed.current !== index) on.onHover(index)
    pointed.current = index
  }
  return (
    <div className="sentence-field">
      {badge !== null && (
        <span className="side-badge" title={label}>
          {badge}
        </span>
      )}
      <div className="sentence-scroll">
        <div className="sentence-layers">
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            value={value}
            maxLength={MAX_CHARACTERS}
            aria-label={label}
            placeholder={t('input.placeholder')}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => {
              on.onChange(event.target.value)
              clearTimeout(timer.current)
              timer.current = setTimeout(on.onCommit, COMMIT_AFTER_MS)
            }}
            onBlur={() => {
              clearTimeout(timer.current)
              on.onCommit()
            }}
            onPointerMove={(event) => point(tokenAt(event))}
            onPointerLeave={() => point(null)}
            onClick={(event) => {
              const index = tokenAt(event)
              if (index !== null && event.currentTarget.selectionStart === event.currentTarget.selectionEnd) on.onToken(index)
            }}
          />
          {children}
        </div>
      </div>
      {isRunning && (
        <span className="running-dot" title={t('input.running')}>
          <span className="ui-hidden">{t('input.running')}</span>
        </span>
      )}
    </div>
  )
}

/**
 * The tokenizer's own tokens before the text have no letters in the field, whose first line begins behind them. Their width is heard of
 * when the page is laid out, and not asked for, which would lay it out at every keystroke.
 */
function useIndent(field: RefObject<HTMLTextAreaElement | null>): void {
  const observed = useRef<Element | null>(null)
  const observer = useRef<ResizeObserver>(undefined)
  useEffect(() => {
    observer.current = new ResizeObserver((changes) => {
      const width = changes.at(-1)?.borderBoxSize[0]?.inlineSize ?? 0
      // In the next frame: what it moves would otherwise be called an error.
      requestAnimationFrame(() => {
        if (field.current && observed.current) field.current.style.textIndent = `${width}px`
      })
    })
    return () => {
      observer.current?.disconnect()
      observed.current = null
    }
  }, [field])
  useEffect(() => {
    const specials = field.current?.parentElement?.querySelector('.token-text > .token-specials:first-child') ?? null
    if (specials === observed.current) return
    observed.current = specials
    observer.current?.disconnect()
    if (specials) observer.current?.observe(specials)
    else if (field.current) field.current.style.textIndent = '0'
  })
}

/** A pause this long ends an entry of the history. */
const COMMIT_AFTER_MS = 1200

/** The token under a point of the field. */
function tokenAt({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): number | null {
  for (const element of document.elementsFromPoint(clientX, clientY)) {
    const index = element instanceof HTMLElement ? element.dataset.index : undefined
    if (index !== undefined) return Number(index)
  }
  return null
}
