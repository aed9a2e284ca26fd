// A and B as one line: common words once, those of one side in their place, struck through or underlined, with the side's letter.

import { type MouseEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SideAnswer } from '#state/app-state'
import type { TokenTint } from '#state/token-tint'
import type { Alignment } from '#text/align'
import { useServices } from '../shared/app-context.tsx'
import { type DiffPart, diffParts } from './diff-parts.ts'
import { type ShownText, shownText } from './shown-text.ts'
import { LONG_TEXT, type Look, useLooks } from './use-looks.ts'

export interface DiffLineProps {
  readonly a: SideAnswer | null
  readonly b: SideAnswer | null
  /** Of both answers' tokens; null until there is one. */
  readonly alignment: Alignment | null
  readonly tints: { readonly a: TokenTint | null; readonly b: TokenTint | null }
  readonly selected: { readonly side: 'a' | 'b'; readonly index: number } | null
  /** A word was clicked: it is chosen, and its side is typed in at this place of the text. */
  readonly onPick: (side: 'a' | 'b', index: number, caret: number) => void
}

interface Line {
  readonly parts: readonly DiffPart[]
  readonly a: ShownText
  readonly b: ShownText
}

const NOTHING: ShownText = { text: '', spans: [] }

export function DiffLine({ a, b, alignment, tints, selected, onPick }: DiffLineProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { line, isCurrent } = useLastLine(a, b, alignment)
  const looksA = useLooks(isCurrent ? tints.a : null, line?.a ?? NOTHING)
  const looksB = useLooks(isCurrent ? tints.b : null, line?.b ?? NOTHING)
  const lookOfBoth = useMemo(() => {
    // Where only B is tinted, what both share has B's colours.
    if (tints.a !== null || tints.b === null || alignment === null) return looksA
    const inB = new Map(Array.from(alignment.a, (token, at) => [token, alignment.b[at] ?? -1] as const))
    return (token: number) => looksB(inB.get(token) ?? -1)
  }, [tints.a, tints.b, alignment, looksA, looksB])
  const placeOf = ({ target }: Pick<MouseEvent, 'target'>) => {
    const { side, token } = (target instanceof Element && target.closest<HTMLElement>('[data-token]')?.dataset) || {}
    return token === undefined ? null : { side: side === 'b' ? ('b' as const) : ('a' as const), index: Number(token) }
  }
  const pick = (event: MouseEvent): void => {
    const place = placeOf(event)
    const shown = line?.[place?.side ?? 'a'] ?? NOTHING
    onPick(place?.side ?? 'a', place?.index ?? -1, (place && shown.spans[place.index]?.end) ?? shown.text.length)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys reach both fields below it, by Tab
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      className={line && line.a.text.length > LONG_TEXT ? 'diff-line is-long' : 'diff-line'}
      onClick={pick}
      onPointerOver={(event) => actions.hover({ token: placeOf(event) })}
      onPointerLeave={() => actions.hover({ token: null })}
    >
      <span className="side-badge" aria-hidden="true">
        AB
      </span>
      <div className="token-text" dir="auto">
        {line?.parts.map(({ side, segments }, at) => {
          const lookOf = { both: lookOfBoth, a: looksA, b: looksB }[side]
          const words = segments.map(({ text, tokens }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one line in their order
            <Word key={place} text={text} token={tokens[0]} side={side} lookOf={lookOf} selected={selected} />
          ))
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          if (side === 'both') return <span key={at}>{words}</span>
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <span key={at} className={`diff-only is-only-${side}`}>
              <span className="ui-hidden">{t(`input.only.${side}`)}</span>
              <span className="diff-words">{words}</span>
              <span className="diff-side" aria-hidden="true">
                {side.toUpperCase()}
              </span>
            </span>
          )
        })}
      </div>
    </div>
  )
}

/** While an answer is on its way, the line before it stays. */
function useLastLine(
  a: SideAnswer | null,
  b: SideAnswer | null,
  alignment: Alignment | null,
): { readonly line: Line | null; readonly isCurrent: boolean } {
  const now = useMemo((): Line | null => {
    if (!a || !b || !alignment) return null
    const shown = ({ input, row }: SideAnswer): ShownText => shownText(input.text, row.tokens, input.edits.length > 0)
    const sides = { a: shown(a), b: shown(b) }
    return {
      ...sides,
      parts: diffParts(alignment, { tokens: a.row.tokens, shown: sides.a }, { tokens: b.row.tokens, shown: sides.b }),
    }
  }, [a, b, alignment])
  const [last, setLast] = useState<Line | null>(null)
  if (now !== null && now !== last) setLast(now)
  return { line: now ?? last, isCurrent: now !== null }
}

interface WordProps {
  readonly text: string
  readonly token: number | undefined
  readonly side: DiffPart['side']
  readonly lookOf: (token: number) => Look | null
  readonly selected: DiffLineProps['selected']
}

function Word({ text, token, side, lookOf, selected }: WordProps) {
  if (token === undefined) return text
  const look = lookOf(token)
  const own = side === 'b' ? 'b' : 'a'
  const states = {
    'is-signed': look?.isSigned === true,
    'is-against': look !== null && look.value < 0,
    'is-selected': selected?.side === own && selected.index === token,
  }
  return (
    <span
      className={['token', ...Object.entries(states).flatMap(([name, holds]) => (holds ? [name] : []))].join(' ')}
      data-token={token}
      data-side={own}
      {...(look ? { 'data-tint': '', style: look.style } : {})}
    >
      {text}
      {look?.isWritten && (
        <span className="token-value" aria-hidden="true">
          {look.text}
        </span>
      )}
    </span>
  )
}
