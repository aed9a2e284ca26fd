// What is chosen or pointed at, in words and numbers.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttentionMatrix } from '#methods/attention/attention'
import type { TokenRef } from '#share/settings'
import type { SideAnswer } from '#state/app-state'
import { currentDifference } from '#state/layout/panes'
import type { Alignment } from '#text/align'
import { Button } from '#ui/button'
import { useApp, useServices, useSettings } from '../shared/app-context.tsx'
import { useFormat } from '../shared/use-format.tsx'
import { usePaneName } from '../shared/use-pane-name.tsx'
import './inspector.css'

/** Partners that are listed. */
const LISTED = 5

export function Inspector() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('token', 'key')
  const hover = useApp((state) => state.hover)
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  const alignment = useApp((state) => currentDifference(state)?.alignment ?? null)
  const paneName = usePaneName()
  const token = settings.token ?? hover.token
  const key = settings.token ? settings.key : hover.key
  const answer = token?.side === 'b' ? answerB : answerA
  const found = token && answer?.row.tokens[token.index]

  if (!found || !token || !answer) return null
  // Several heads have one number here: their mean, or their maximum where that is on screen.
  const what = format.choice(answer.choice.reduce === 'each' ? { ...answer.choice, reduce: 'mean' } : answer.choice)
  const keyLabel = key && answer.row.tokens[key.index]?.label
  const cells = key && key.side === token.side ? cellsOf(token, key, { a: answerA, b: answerB }, alignment) : []
  const change = (cells[0]?.weight ?? Number.NaN) - (cells[1]?.weight ?? Number.NaN)
  return (
    <aside className="inspector" aria-label={t('inspector.label')}>
      <header className="inspector-head">
        <h2>{found.label}</h2>
        {settings.token && (
          <Button look="quiet" icon="close" label={t('inspector.clear')} onPress={() => actions.set({ token: null, key: null })} />
        )}
      </header>
      <dl className="facts">
        <div>
          <dt>{t('inspector.piece')}</dt>
          <dd>
            <code>{found.piece}</code>
          </dd>
        </div>
        <div>
          <dt>{t('inspector.id')}</dt>
          <dd>{found.id}</dd>
        </div>
        <div>
          <dt>{t('inspector.position')}</dt>
          <dd>
            {token.index + 1} / {answer.row.tokens.length}
          </dd>
        </div>
      </dl>
      {key && keyLabel !== undefined && key.side === token.side && (
        <p className="inspector-cell">
          {t('inspector.cell', { query: found.label, key: keyLabel })}
          {cells.map(({ side, weight }) => (
            <span key={side} className="inspector-number">
              <span>{cells.length > 1 && paneName(side)}</span> <strong>{format.weight(weight)}</strong>
            </span>
          ))}
          {cells.length > 1 && (
            <span className="inspector-number">
              <span>{paneName('difference')}</span> <strong>{format.signed(change)}</strong>
            </span>
          )}
        </p>
      )}
      <p className="inspector-what">{t('inspector.inWhat', { what })}</p>
      <Partners title={t('inspector.strongest')} answer={answer} token={token} direction="from" />
      <Partners title={t('inspector.strongestBy')} answer={answer} token={token} direction="to" />
    </aside>
  )
}

interface PartnersProps {
  readonly title: string
  readonly answer: SideAnswer
  readonly token: TokenRef
  readonly direction: 'from' | 'to'
}

function Partners({ title, answer, token, direction }: PartnersProps) {
  const format = useFormat()
  const { actions } = useServices()
  const partners = useMemo(() => {
    const { tokens } = answer.row
    const weight = (other: number): number =>
      direction === 'from' ? weightOf(answer, token.index, other) : weightOf(answer, other, token.index)
    return tokens
      .map(({ label }, index) => ({ label, index, weight: weight(index) }))
      .sort((one, other) => other.weight - one.weight)
      .slice(0, LISTED)
  }, [answer, token.index, direction])
  return (
    <div className="partners">
      <h3>{title}</h3>
      <ol>
        {partners.map(({ label, index, weight }) => (
          <li key={index}>
            <button
              type="button"
              onClick={() => actions.set({ token: { side: token.side, index }, key: null })}
              onPointerEnter={() => actions.hover({ key: { side: token.side, index } })}
              onPointerLeave={() => actions.hover({ key: null })}
            >
              <span className="partner-label">{label}</span>
              <span className="partner-bar" style={{ '--share': `${Math.round(100 * weight)}%` }} />
              <span className="partner-weight">{format.weight(weight)}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}

/** The cell on the side where it was chosen and, aligned, on the other; NaN where that side has no such token. A comes first. */
function cellsOf(
  token: TokenRef,
  key: TokenRef,
  answers: Readonly<Record<'a' | 'b', SideAnswer | null>>,
  alignment: Alignment | null,
): readonly { readonly side: 'a' | 'b'; readonly weight: number }[] {
  const sides = alignment ? (['a', 'b'] as const) : [token.side]
  return sides.map((side) => {
    const place = ({ side: from, index }: TokenRef): number =>
      from === side ? index : (alignment?.[side][alignment[from].indexOf(index)] ?? -1)
    const [answer, query, target] = [answers[side], place(token), place(key)]
    return { side, weight: answer && query >= 0 && target >= 0 ? weightOf(answer, query, target) : Number.NaN }
  })
}

/** Attention from query to key, the mean over the matrices on screen. */
function weightOf({ matrices }: SideAnswer, query: number, key: number): number {
  const at = ({ data, tokens }: AttentionMatrix): number => data[query * tokens + key] ?? Number.NaN
  return matrices.reduce((sum, matrix) => sum + at(matrix), 0) / matrices.length
}
