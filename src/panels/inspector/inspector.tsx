// What is chosen or pointed at, in words and numbers.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttentionMatrix } from '#methods/attention/attention'
import type { TokenRef } from '#share/settings'
import type { SideAnswer } from '#state/app-state'
import { Button } from '#ui/button'
import { useApp, useServices } from '../app-context.tsx'
import { useFormat } from '../use-format.tsx'
import './inspector.css'

/** Partners that are listed. */
const LISTED = 5

export function Inspector() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useApp((state) => state.settings)
  const hover = useApp((state) => state.hover)
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  const token = settings.token ?? hover.token
  const key = settings.token ? settings.key : hover.key
  const answer = token?.side === 'b' ? answerB : answerA
  const found = token && answer?.row.tokens[token.index]

  if (!found || !token || !answer) {
    return (
      <aside className="inspector" aria-label={t('inspector.label')}>
        <p className="token-hint">{t('inspector.nothing')}</p>
      </aside>
    )
  }
  const what = format.choice(answer.choice)
  const keyLabel = key && answer.row.tokens[key.index]?.label
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
          {t('inspector.cell', { query: found.label, key: keyLabel })}{' '}
          <strong>{format.weight(weightOf(answer, token.index, key.index))}</strong>
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

/** Attention from query to key, the mean over the matrices on screen. */
function weightOf({ matrices }: SideAnswer, query: number, key: number): number {
  const at = ({ data, tokens }: AttentionMatrix): number => data[query * tokens + key] ?? Number.NaN
  return matrices.reduce((sum, matrix) => sum + at(matrix), 0) / matrices.length
}
