// One block: what each of its heads looks at from the position and how much it adds, and the MLP.

import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { walkList } from '#views/kit/keyboard'
import type { InferencePath } from '../api.ts'
import { shortLength } from './path-shared.ts'

interface PathBlockProps {
  readonly path: InferencePath
  readonly layer: number
  readonly head: number | null
  /** Positions that are drawn. */
  readonly shown: readonly number[]
  readonly onOpen: (head: number | null) => void
  readonly onLeave: () => void
}

export function PathBlock({ path, layer, head, shown, onOpen, onLeave }: PathBlockProps) {
  const { t } = useTranslation()
  const { heads: count, layers, tokens, position, norms } = path
  const block = layers[layer]
  if (block === undefined) return null
  const largest = Math.max(1e-9, ...(block.heads ?? []), block.mlp ?? 0)
  const walk = (event: KeyboardEvent<HTMLElement>, at: number): void => {
    if (event.key === 'Escape') {
      event.preventDefault()
      onLeave()
      return
    }
    const next = walkList(at, event.key, count, count)
    const target = next === null ? null : event.currentTarget.parentElement?.children[next]
    if (!(target instanceof HTMLElement)) return
    event.preventDefault()
    target.focus()
  }
  return (
    <section className="path-zoom" aria-label={t('inside.path.blockTitle', { layer: layer + 1, count: layers.length })}>
      <h3>{t('inside.path.blockTitle', { layer: layer + 1, count: layers.length })}</h3>
      <p className="path-sentence">
        {t('inside.path.blockSentence', {
          stream: shortLength(norms[layer * tokens.length + position] ?? null),
          attention: shortLength(block.attention),
          mlp: shortLength(block.mlp),
          after: shortLength(norms[(layer + 1) * tokens.length + position] ?? null),
        })}
      </p>
      <div className="path-heads">
        {Array.from({ length: count }, (_, at) => (
          <HeadCard
            // biome-ignore lint/suspicious/noArrayIndexKey: a head is its place
            key={at}
            path={path}
            layer={layer}
            head={at}
            shown={shown}
            added={block.heads?.[at] ?? null}
            share={(block.heads?.[at] ?? 0) / largest}
            isOpen={at === head}
            isFocusable={at === (head ?? 0)}
            onOpen={() => onOpen(at === head ? null : at)}
            onKey={(event) => walk(event, at)}
          />
        ))}
      </div>
      {block.heads === null && <p className="note">{t('inside.path.noShares')}</p>}
      <p className="path-mlp-line">
        <b>{t('inside.path.mlp')}</b>
        <span className="path-added is-mlp" style={{ '--share': (block.mlp ?? 0) / largest }} />
        {t('inside.path.mlpSentence', { length: shortLength(block.mlp) })}
      </p>
    </section>
  )
}

interface HeadCardProps {
  readonly path: InferencePath
  readonly layer: number
  readonly head: number
  readonly shown: readonly number[]
  readonly added: number | null
  readonly share: number
  readonly isOpen: boolean
  readonly isFocusable: boolean
  readonly onOpen: () => void
  readonly onKey: (event: KeyboardEvent<HTMLElement>) => void
}

function HeadCard({ path, layer, head, shown, added, share, isOpen, isFocusable, onOpen, onKey }: HeadCardProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { heads, tokens, attention } = path
  const start = (layer * heads + head) * tokens.length
  const weights = attention.subarray(start, start + tokens.length)
  const most = weights.reduce((best, weight, at) => (weight > (weights[best] ?? 0) ? at : best), 0)
  return (
    <button
      type="button"
      className={isOpen ? 'path-head is-open' : 'path-head'}
      aria-expanded={isOpen}
      tabIndex={isFocusable ? 0 : -1}
      onClick={onOpen}
      onKeyDown={onKey}
    >
      <b>{t('inside.path.head', { head: head + 1 })}</b>
      <span className="path-strip" aria-hidden="true">
        {shown.map((at) => (
          <i key={at} style={{ '--share': weights[at] ?? 0 }} />
        ))}
      </span>
      <span className="path-looks">
        {t('inside.path.looks', { token: shownLabel(tokens[most]?.label ?? ''), weight: format.percent(weights[most] ?? 0) })}
      </span>
      {added !== null && (
        <>
          <span className="path-added" style={{ '--share': share }} />
          <span className="path-adds">{t('inside.path.adds', { length: shortLength(added) })}</span>
        </>
      )}
    </button>
  )
}
