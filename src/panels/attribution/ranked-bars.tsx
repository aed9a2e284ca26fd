// The tokens of each method as a list with bars, strongest first.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { drawRanking, type RankingData, type RankingOptions } from '#views/ranking'
import type { TokenRow } from '#views/token-rows'
import { useApp } from '../app-context.tsx'
import { ChartHost } from '../chart-host.tsx'
import { largestMagnitude } from '../largest-magnitude.ts'
import { useFormat } from '../use-format.tsx'
import type { useColumnChoice } from './attribution-pane.tsx'
import { columnAt } from './columns.ts'
import type { AttributionRows } from './rows.ts'
import { useEmptyText } from './use-empty-text.tsx'

export interface RankedBarsProps {
  readonly rows: AttributionRows
  readonly names: readonly TokenRow[]
  readonly choice: ReturnType<typeof useColumnChoice>
}

/** Of a long text the strongest; the rows show all. */
const SHOWN = 30

export function RankedBars({ rows, names, choice }: RankedBarsProps) {
  const isOneScale = useApp((state) => state.settings.rowScale === 'same')
  const { columns, values } = rows
  const all = largestMagnitude(values) || 1
  return (
    <div className="ranked-bars">
      {names.map((name, row) => {
        const own = values.subarray(row * columns.length, (row + 1) * columns.length)
        return (
          <RankedMethod
            key={name.name}
            row={row}
            rows={rows}
            name={name}
            max={isOneScale ? all : largestMagnitude(own) || 1}
            choice={choice}
          />
        )
      })}
    </div>
  )
}

interface RankedMethodProps extends Omit<RankedBarsProps, 'names'> {
  readonly row: number
  readonly name: TokenRow
  readonly max: number
}

function RankedMethod({ row, rows, name, max, choice }: RankedMethodProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { columns, values, errors } = rows
  const hovered = useApp((state) => state.hover.token)
  const empty = useEmptyText(row)
  const data = useMemo((): RankingData => {
    const at = (of: Float32Array, column: number): number => of[row * columns.length + column] ?? Number.NaN
    const strength = (column: number): number => Math.abs(at(values, column)) || 0
    const order = Array.from(columns.keys()).filter((column) => !Number.isNaN(at(values, column)))
    order.sort((one, other) => strength(other) - strength(one))
    return {
      rows: order.slice(0, SHOWN).map((column) => {
        const error = at(errors, column)
        return {
          key: String(column),
          label: columns[column]?.axis.label.trim() ?? '',
          value: at(values, column),
          detail: Number.isNaN(error) ? t('attribution.place', { place: column + 1 }) : `± ${format.weight(error)}`,
        }
      }),
    }
  }, [columns, values, errors, row, format, t])
  const hot = columnAt(rows.columns, hovered)
  const options: RankingOptions = {
    selected: choice.selected === null ? null : String(choice.selected),
    hovered: hot < 0 ? null : String(hot),
    max,
    kind: 'difference',
    words: { summary: name.name, unit: name.unit, empty },
    format: format.signed,
    onHover: (key) => choice.hover(key === null ? null : Number(key)),
    onSelect: (key) => choice.select(Number(key)),
  }
  return (
    <div className="ranked-method">
      <h2>{name.name}</h2>
      <ChartHost draw={drawRanking} data={data} options={options} />
      {columns.length > SHOWN && <p className="note">{t('attribution.more', { count: columns.length - SHOWN })}</p>}
    </div>
  )
}
