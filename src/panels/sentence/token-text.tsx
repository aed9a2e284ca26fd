// The hero: a text whose words are its tokens, tinted by what is being looked at. One tab stop; arrows walk, keys edit.

import type { TFunction } from 'i18next'
import { Fragment, type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenTint } from '#state/token-tint'
import type { TokenEdit } from '#text/edit'
import type { Token } from '#text/token'
import type { ChangeMarks } from './change-marks.ts'
import { type ShownText, segmentsOf } from './shown-text.ts'
import { useLooks } from './use-looks.ts'
import './sentence.css'

export interface TokenTextProps {
  readonly name: string
  readonly tokens: readonly Token[]
  /** The text, and where its tokens stand. */
  readonly shown: ShownText
  readonly showSpecials: boolean
  /** null: no tint. */
  readonly tint: TokenTint | null
  readonly selected: number | null
  readonly hovered: number | null
  /** Where the strip differs from what it is compared with. */
  readonly marks: ChangeMarks
  readonly onHover: (index: number | null) => void
  readonly onSelect: (index: number) => void
  /** null where the tokens cannot be changed. */
  readonly onEdit: ((edit: TokenEdit) => void) | null
  readonly onReplace: ((index: number) => void) | null
}

export const TokenText = memo(function TokenText(props: TokenTextProps) {
  const { tokens, shown, showSpecials, selected, tint } = props
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const segments = useMemo(() => segmentsOf(shown, (token) => tokens[token]?.source !== 'template'), [shown, tokens])
  const order = useMemo(() => {
    const special = (token: number): boolean => tokens[token]?.source === 'template'
    const first = tokens.findIndex((_, token) => !special(token))
    const all = Array.from(tokens.keys())
    const before = all.filter((token) => special(token) && (first < 0 || token < first))
    return { before, after: all.filter((token) => special(token) && !before.includes(token)) }
  }, [tokens])
  const walked = [...(showSpecials ? order.before : []), ...segments.flatMap((one) => one.tokens), ...(showSpecials ? order.after : [])]
  const [focused, setFocused] = useState(0)
  const stop = walked.includes(focused) ? focused : (walked[0] ?? 0)
  const looks = useLooks(tint, shown)

  const focusAt = (place: number): void => {
    const token = walked[Math.max(0, Math.min(walked.length - 1, place))]
    if (token !== undefined) list.current?.querySelector<HTMLElement>(`[data-index="${token}"]`)?.focus()
  }
  const held = useRef(false)
  useEffect(() => {
    // The token in focus was deleted and none took its place.
    if (held.current && document.activeElement === document.body) focusAt(walked.length - 1)
  })
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const place = walked.indexOf(index)
    const walk: Readonly<Record<string, number>> = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: walked.length - 1 }
    const next = event.altKey ? undefined : walk[event.key]
    if (next !== undefined) focusAt(next)
    else if (event.key === 'Enter' || event.key === ' ') props.onSelect(index)
    else if (!editByKey(event, index, tokens, props)) return
    event.preventDefault()
  }
  const ghostsAt = (index: number) => {
    const labels = props.marks.missing.get(index)
    return labels && <Ghosts labels={labels} />
  }
  const characters = t('input.characters', PLACES)
  const tokenOf = (index: number, text: string) => {
    const token = tokens[index]
    if (token === undefined) return null
    const look = looks(index)
    const before = props.marks.replaced.get(index) ?? null
    return (
      <Fragment key={index}>
        {ghostsAt(index)}
        {/* biome-ignore lint/a11y/useSemanticElements: a button is a box of its own, in which letters are not shaped and lines not broken as in a text */}
        <span
          role="button"
          data-index={index}
          {...(look ? { 'data-tint': '' } : {})}
          tabIndex={index === stop ? 0 : -1}
          className={classesOf(token, index, look?.value ?? 0, text, props)}
          aria-pressed={selected === index}
          aria-label={look ? `${token.label}, ${look.text}` : token.label}
          title={titleOf(token, before, characters, t)}
          style={look?.style}
          onFocus={() => {
            held.current = true
            setFocused(index)
            props.onHover(index)
          }}
          onBlur={() => {
            held.current = false
            props.onHover(null)
          }}
          onPointerEnter={() => props.onHover(index)}
          onPointerLeave={() => props.onHover(null)}
          onClick={() => props.onSelect(index)}
          onKeyDown={(event) => onKeyDown(event, index)}
        >
          {text}
          {typeof before === 'string' && (
            <span className="token-before" aria-hidden="true">
              {visibleLabel(before.trim())}
            </span>
          )}
          {look?.isWritten && (
            <span className="token-value" aria-hidden="true">
              {look.text}
            </span>
          )}
        </span>
      </Fragment>
    )
  }
  const specials = (which: readonly number[]) =>
    showSpecials &&
    which.length > 0 && <span className="token-specials">{which.map((index) => tokenOf(index, tokens[index]?.label ?? ''))}</span>

  return (
    <div ref={list} className="token-text" role="toolbar" dir="auto" aria-label={t('input.tokens', { side: props.name })}>
      {specials(order.before)}
      {segments.map(({ text, tokens: held }, at) => {
        const [first, ...others] = held
        // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one text in their order
        if (first === undefined) return <Fragment key={`gap ${at}`}>{text}</Fragment>
        return (
          <Fragment key={first}>
            {tokenOf(first, text)}
            {others.map((index) => tokenOf(index, ''))}
          </Fragment>
        )
      })}
      {ghostsAt(tokens.length)}
      {/* A last line without letters is as high as one with them. */}
      {'\u200b'}
      {specials(order.after)}
    </div>
  )
})

/** Tokens that only the other side has. */
function Ghosts({ labels }: { readonly labels: readonly string[] }) {
  const { t } = useTranslation()
  return (
    <del className="token-ghost" title={t('input.ghost')}>
      {labels.map(visibleLabel).join(' ')}
    </del>
  )
}

/** Edits that a key makes; false when the key means nothing here. */
function editByKey(event: KeyboardEvent, index: number, tokens: readonly Token[], { onEdit, onReplace }: TokenTextProps): boolean {
  if (onEdit === null || onReplace === null) return false
  const token = tokens[index]
  if (!token || token.source === 'template' || event.ctrlKey || event.metaKey) return false
  const edits: Readonly<Record<string, TokenEdit>> = {
    m: { kind: 'mask', at: index },
    Delete: { kind: 'delete', at: index },
    Backspace: { kind: 'delete', at: index },
    d: { kind: 'duplicate', at: index },
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const edit = event.altKey ? undefined : edits[key]
  if (edit) onEdit(edit)
  else if (event.altKey && event.key === 'ArrowRight' && isText(tokens[index + 1])) onEdit({ kind: 'swap', at: index })
  else if (event.altKey && event.key === 'ArrowLeft' && isText(tokens[index - 1])) onEdit({ kind: 'swap', at: index - 1 })
  else if (!event.altKey && key === 'r') onReplace(index)
  else return false
  return true
}

function isText(token: Token | undefined): boolean {
  return token !== undefined && token.source !== 'template'
}

function classesOf(token: Token, index: number, value: number, text: string, { selected, hovered, marks, tint }: TokenTextProps): string {
  const states = {
    'is-special': token.source === 'template',
    'is-changed': token.source === 'edit' || marks.replaced.has(index),
    'is-selected': selected === index,
    'is-hovered': hovered === index,
    'is-signed': tint?.kind === 'contribution',
    'is-against': value < 0,
    'is-empty': text === '',
  }
  return ['token', ...Object.entries(states).flatMap(([name, holds]) => (holds ? [name] : []))].join(' ')
}

/** Blanks made visible. */
function visibleLabel(label: string): string {
  return label.trim() === '' ? label.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥') || '∅' : label
}

/** Filled in for each token: to translate for each takes longer than to draw it. */
const PLACES = { start: '\u2997', end: '\u2998' }

/** @param characters the words for where a token stands, with `PLACES` in them */
function titleOf(token: Token, before: string | null, characters: string, t: TFunction): string {
  if (token.piece === '[UNK]') return t('input.unknownToken')
  const at = characters.replace(PLACES.start, String(token.start + 1)).replace(PLACES.end, String(token.end))
  const place = token.start === token.end ? token.piece : `${token.piece} · ${at}`
  return before === null ? place : `${place} · ${t('input.instead', { before })}`
}
