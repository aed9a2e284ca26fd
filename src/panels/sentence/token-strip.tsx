// The hero: a sentence as tokens that carry what is being looked at. One tab stop; arrows walk, keys edit.

import type { TFunction } from 'i18next'
import { Fragment, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenEdit } from '#text/edit'
import type { Token } from '#text/token'
import { useFormat } from '../shared/use-format.tsx'
import type { ChangeMarks } from './change-marks.ts'
import './sentence.css'

export interface TokenStripProps {
  readonly name: string
  readonly tokens: readonly Token[]
  readonly showSpecials: boolean
  /** Attention weight 0..1 per token that tints it; null: no tint. */
  readonly tint: Float32Array | null
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

/** Longer rows are set smaller. */
const LONG_ROW = 48

export function TokenStrip(props: TokenStripProps) {
  const { tokens, showSpecials, selected, tint } = props
  const { t } = useTranslation()
  const format = useFormat()
  const list = useRef<HTMLDivElement>(null)
  const shown = tokens.map((token, index) => ({ token, index })).filter(({ token }) => showSpecials || token.source !== 'template')
  const [focused, setFocused] = useState(0)
  const stop = shown.some(({ index }) => index === focused) ? focused : (shown[0]?.index ?? 0)
  const largest = Math.max(0.001, ...(tint ?? []))

  const focusAt = (place: number): void => {
    const target = shown[Math.max(0, Math.min(shown.length - 1, place))]
    if (target) list.current?.querySelector<HTMLElement>(`[data-index="${target.index}"]`)?.focus()
  }
  const held = useRef(false)
  useEffect(() => {
    // The token in focus was deleted and none took its place.
    if (held.current && document.activeElement === document.body) focusAt(shown.length - 1)
  })
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const place = shown.findIndex((entry) => entry.index === index)
    const walk: Readonly<Record<string, number>> = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: shown.length - 1 }
    const next = event.altKey ? undefined : walk[event.key]
    if (next !== undefined) focusAt(next)
    else if (!editByKey(event, index, tokens, props)) return
    event.preventDefault()
  }

  return (
    <div
      ref={list}
      className={tokens.length > LONG_ROW ? 'token-strip is-long' : 'token-strip'}
      role="toolbar"
      aria-label={t('input.tokens', { side: props.name })}
    >
      {shown.map(({ token, index }) => {
        const weight = tint?.[index]
        const before = props.marks.replaced.get(index)
        return (
          <Fragment key={index}>
            <Ghosts labels={props.marks.missing.get(index)} />
            <button
              type="button"
              data-index={index}
              tabIndex={index === stop ? 0 : -1}
              className={classesOf(token, tokens[index - 1], index, props)}
              aria-pressed={selected === index}
              aria-label={spoken(token, weight, format.percent)}
              title={titleOf(token, t)}
              style={weight === undefined ? {} : { '--tint': `${Math.round((100 * weight) / largest)}%` }}
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
              {visibleLabel(token.label)}
              {before !== undefined && before !== null && <span className="token-before">{visibleLabel(before)}</span>}
            </button>
          </Fragment>
        )
      })}
      <Ghosts labels={props.marks.missing.get(tokens.length)} />
    </div>
  )
}

/** Tokens that only the other side has. */
function Ghosts({ labels }: { readonly labels: readonly string[] | undefined }) {
  const { t } = useTranslation()
  if (!labels) return null
  return (
    <del className="token-ghost" title={t('input.ghost')}>
      {labels.map(visibleLabel).join(' ')}
    </del>
  )
}

/** Edits that a key makes; false when the key means nothing here. */
function editByKey(event: KeyboardEvent, index: number, tokens: readonly Token[], { onEdit, onReplace }: TokenStripProps): boolean {
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

function classesOf(token: Token, before: Token | undefined, index: number, { selected, hovered, marks }: TokenStripProps): string {
  const states = {
    'is-special': token.source === 'template',
    'is-changed': token.source === 'edit' || marks.replaced.has(index),
    'is-joined': token.word >= 0 && token.word === before?.word,
    'is-selected': selected === index,
    'is-hovered': hovered === index,
  }
  return ['token', ...Object.entries(states).flatMap(([name, holds]) => (holds ? [name] : []))].join(' ')
}

/** Blanks made visible: a token must never look empty. */
function visibleLabel(label: string): string {
  return label.trim() === '' ? label.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥') || '∅' : label
}

function spoken(token: Token, weight: number | undefined, percent: (value: number) => string): string {
  return weight === undefined || Number.isNaN(weight) ? token.label : `${token.label}, ${percent(weight)}`
}

function titleOf(token: Token, t: TFunction): string {
  if (token.piece === '[UNK]') return t('input.unknownToken')
  return token.start === token.end ? token.piece : `${token.piece} · ${t('input.characters', { start: token.start + 1, end: token.end })}`
}
