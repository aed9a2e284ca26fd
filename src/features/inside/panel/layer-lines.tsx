// What one position says of the target, layer by layer: by the logit lens, and by what the later layers make of it.

import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { lensOf, slopesOf } from '../state/inside.ts'
import { useRowName } from './use-row-name.tsx'

export function LayerLines({ layer }: { readonly layer: number | null }) {
  const { t } = useTranslation()
  const columns = useApp((state) => lensOf(state)?.answer ?? null)
  const slopes = useApp((state) => slopesOf(state)?.answer ?? null)
  const tokens = useApp(({ a }) => a.answer?.row.tokens ?? null)
  const column = columns?.find(({ at, position }) => at === position)
  if (column === undefined) return null
  const { target, foil, cells, at } = column
  const foils = cells.flatMap(({ foil: cell }) => (cell === null ? [] : [cell.logProbability]))
  const [own, other] = [shownLabel(target.label), foil === null ? '' : shownLabel(foil.label)]
  const isSame = slopes !== null && slopes.position === at && slopes.target.id === target.id
  return (
    <>
      <h2>{t('inside.lines', { token: shownLabel(tokens?.[at]?.label ?? '') })}</h2>
      <LayerLine
        title={t('inside.logProbability', { token: own })}
        note={foil === null ? '' : t('inside.logProbabilityOfFoil', { token: other })}
        values={cells.map((cell) => cell.target.logProbability)}
        others={foils}
        layer={layer}
      />
      {isSame && (
        <LayerLine
          title={foil === null ? t('inside.jacobian', { token: own }) : t('inside.jacobianAgainst', { token: own, foil: other })}
          note=""
          values={slopes.scaleHeld}
          others={[]}
          layer={layer}
        />
      )}
    </>
  )
}

interface LayerLineProps {
  readonly title: string
  readonly note: string
  /** From the embedding to the answer. */
  readonly values: readonly number[]
  /** Of what is compared with; none where nothing is. */
  readonly others: readonly number[]
  /** That is pointed at. */
  readonly layer: number | null
}

const [WIDTH, HEIGHT, LEFT, EDGE] = [360, 130, 46, 12]

function LayerLine({ title, note, values, others, layer }: LayerLineProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const rowName = useRowName()
  const all = [...values, ...others, 0].filter(Number.isFinite)
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const last = Math.max(1, values.length - 1)
  const x = (at: number): number => LEFT + ((WIDTH - LEFT - EDGE) * at) / last
  const y = (value: number): number => EDGE + ((HEIGHT - 2 * EDGE) * (high - value)) / (high - low || 1)
  const path = (line: readonly number[]): string => line.map((value, at) => `${at === 0 ? 'M' : 'L'}${x(at)} ${y(value)}`).join('')
  return (
    <figure className="layer-line">
      <figcaption>
        {title}
        {note !== '' && <span className="note"> {note}</span>}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <line className="layer-zero" x1={LEFT} x2={WIDTH - EDGE} y1={y(0)} y2={y(0)} />
        {layer !== null && layer <= last && <line className="layer-looked" x1={x(layer)} x2={x(layer)} y1={EDGE} y2={HEIGHT - EDGE} />}
        {others.length > 0 && <path className="layer-other" d={path(others)} />}
        <path className="layer-own" d={path(values)} />
        {values.map((value, at) => (
          <circle key={rowName(at, last, false)} className="layer-dot" cx={x(at)} cy={y(value)} r={at === layer ? 4 : 2}>
            <title>{`${rowName(at, last, false)}: ${format.signed(value)}`}</title>
          </circle>
        ))}
        {[low, high].map((value) => (
          <text key={value} x={LEFT - 6} y={y(value) + 4} textAnchor="end">
            {value.toFixed(1).replace('-', '−')}
          </text>
        ))}
      </svg>
      <div className="is-unseen">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{t('inside.layer')}</th>
              <th scope="col">{t('inside.value')}</th>
            </tr>
          </thead>
          <tbody>
            {values.map((value, at) => (
              <tr key={rowName(at, last, false)}>
                <th scope="row">{rowName(at, last, false)}</th>
                <td>{format.signed(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
