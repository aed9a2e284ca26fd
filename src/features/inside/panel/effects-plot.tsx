// What each head and MLP writes into the logit against what is lost when it is switched off: where they part, others make up for it.

import { useTranslation } from 'react-i18next'
import { useApp, useService } from '#panels/shared/app-context.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { Button } from '#ui/button'
import type { LogitAttribution } from '../api.ts'
import { type PartEffects, partEffects } from '../state/effects.ts'
import { effectsOf, INSIDE } from '../state/inside.ts'

const LISTED = 10

export function TotalEffects({ shares }: { readonly shares: LogitAttribution }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const inside = useService(INSIDE)
  const asked = useApp(effectsOf)
  const canMeasure = useApp(({ model }) => model.status === 'ready' && model.card.found.activations)
  const layers = useApp(({ model }) => (model.status === 'ready' ? model.card.layers : 0))
  const done = asked?.answer?.kinds[0]?.layers.length ?? 0
  const isRunning = asked?.status === 'running'
  const parts = asked?.answer ? partEffects(shares, asked.answer) : []
  if (!canMeasure) return null
  return (
    <section className="total-effects" aria-label={t('inside.effects')}>
      <h3>{t('inside.effects')}</h3>
      <p className="note">{t('inside.aboutEffects')}</p>
      <div className="room-toolbar" data-not-exported="">
        {isRunning ? (
          <Button look="quiet" icon="close" onPress={inside.stopEffects}>
            {t('asked.stop')}
          </Button>
        ) : (
          done < layers && (
            <Button look="primary" icon="play" onPress={inside.measureEffects}>
              {t('inside.measureEffects')}
            </Button>
          )
        )}
        {isRunning && (
          <span role="status" className="note">
            {t('inside.switchingOff', { done, count: layers })}
          </span>
        )}
      </div>
      {asked?.error && <p className="note note-warning">{errorText(asked.error)}</p>}
      {parts.length > 0 && (
        <div className="effects-body">
          <Plot parts={parts} />
          <PartTable parts={parts} />
        </div>
      )}
    </section>
  )
}

const [SIZE, EDGE] = [360, 34]

function Plot({ parts }: { readonly parts: readonly PartEffects[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const nameOf = usePart()
  const largest = Math.max(1e-6, ...parts.flatMap(({ direct, total }) => [Math.abs(direct), Math.abs(total)]))
  const x = (value: number): number => SIZE / 2 + ((SIZE / 2 - EDGE) * value) / largest
  const y = (value: number): number => SIZE - x(value)
  const [low, high] = [EDGE, SIZE - EDGE]
  return (
    <figure className="effects-plot">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={t('inside.effectsSummary', { count: parts.length })}>
        <path className="layer-zero" d={`M${low} ${SIZE / 2}H${high}M${SIZE / 2} ${low}V${high}`} />
        <path className="effects-same" d={`M${low} ${high}L${high} ${low}`} />
        {parts.map((part) => (
          <path
            key={`${part.layer}.${part.head}`}
            className={part.head === null ? 'effects-mlp' : 'effects-head'}
            d={part.head === null ? square(x(part.direct), y(part.total)) : disc(x(part.direct), y(part.total))}
          >
            <title>
              {t('inside.effectsOf', { part: nameOf(part), direct: format.signed(part.direct), total: format.signed(part.total) })}
            </title>
          </path>
        ))}
        <text x={high} y={SIZE / 2 + 14} textAnchor="end">
          {t('inside.direct')} →
        </text>
        <text x={SIZE / 2 + 6} y={EDGE - 8}>
          ↑ {t('inside.total')}
        </text>
        {[-largest, largest].map((value) => (
          <text key={value} x={x(value)} y={SIZE / 2 - 5} textAnchor="middle">
            {format.signed(value)}
          </text>
        ))}
      </svg>
      <figcaption className="note">{t('inside.effectsLegend')}</figcaption>
    </figure>
  )
}

const R = 3.2

function disc(x: number, y: number): string {
  return `M${x - R} ${y}a${R} ${R} 0 1 0 ${2 * R} 0a${R} ${R} 0 1 0 ${-2 * R} 0`
}

function square(x: number, y: number): string {
  return `M${x - R} ${y - R}h${2 * R}v${2 * R}h${-2 * R}z`
}

/** Those whose two effects are farthest apart. */
function PartTable({ parts }: { readonly parts: readonly PartEffects[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const nameOf = usePart()
  const gap = ({ direct, total }: PartEffects): number => Math.abs(direct - total)
  const shown = parts.toSorted((one, other) => gap(other) - gap(one)).slice(0, LISTED)
  return (
    <table className="effects-table">
      <caption>{t('inside.farthestApart')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('inside.part')}</th>
          <th scope="col">{t('inside.direct')}</th>
          <th scope="col">{t('inside.total')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((part) => (
          <tr key={`${part.layer}.${part.head}`}>
            <th scope="row">{nameOf(part)}</th>
            <td>{format.signed(part.direct)}</td>
            <td>{format.signed(part.total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function usePart(): (part: PartEffects) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return ({ layer, head }) => (head === null ? t('inside.mlpOf', { layer: layer + 1 }) : format.head({ layer, head }))
}
