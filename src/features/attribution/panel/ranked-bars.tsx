// The tokens of each method as a list with bars, strongest first.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { columnAt } from '#panels/shared/token-columns.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { largestMagnitude } from '#tensor/vector'
import { drawRanking, type RankingData, type RankingOptions } from '#views/bars/ranking'
import type { TokenRow } from '#views/matrix/token-rows'
import type { AttributionChartProps } from './attribution-chart-props.ts'
import { MethodDoubts } from './method-doubts.tsx'
import { MethodHead } from './method-head.tsx'
import { largestOfAll, type MethodRow, type PaneRows } from './rows.ts'
import { useColumnChoice } from './use-column-choice.tsx'
import { useEmptyText } from './use-empty-text.tsx'

/** Of a long text the strongest; the rows show all. */
const SHOWN = 30

export function RankedBars({ shown: { pane, rows }, all, names }: AttributionChartProps) {
  const isOneScale = useApp((state) => state.settings.rowScale === 'same')
  return (
    <ul className="ranked-bars">
      {rows.methods.map((own, row) => {
        const name = names[row]
        return (
          name && (
            <RankedMethod
              key={name.name}
              row={row}
              own={own}
              name={name}
              max={(isOneScale ? largestOfAll(all, own.isSigned) : largestMagnitude(own.values)) || 1}
              pane={pane}
            />
          )
        )
      })}
    </ul>
  )
}

interface RankedMethodProps extends Pick<PaneRows, 'pane'> {
  readonly row: number
  readonly own: MethodRow
  readonly name: TokenRow
  readonly max: number
}

function RankedMethod({ row, own, name, max, pane }: RankedMethodProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { columns, values, errors, unit } = own
  const choice = useColumnChoice(pane, columns)
  const hovered = useApp((state) => state.hover.token)
  const empty = useEmptyText(row)
  const data = useMemo((): RankingData => {
    const strength = (column: number): number => Math.abs(values[column] ?? 0)
    const order = Array.from(columns.keys()).filter((column) => !Number.isNaN(values[column] ?? Number.NaN))
    order.sort((one, other) => strength(other) - strength(one))
    return {
      rows: order.slice(0, SHOWN).map((column) => {
        const error = errors[column] ?? Number.NaN
        const number = placeOf(own, column)
        const place = number === null ? '' : t('attribution.place', { unit: t(`attribution.unitNames.${unit}`), place: number })
        return {
          key: String(column),
          label: columns[column]?.axis.label.trim() ?? '',
          value: values[column] ?? Number.NaN,
          detail: Number.isNaN(error) ? place : `± ${format.weight(error)}`,
        }
      }),
    }
  }, [own, columns, values, errors, unit, format, t])
  const hot = columnAt(columns, hovered)
  const options: RankingOptions = {
    selected: choice.selected === null ? null : String(choice.selected),
    hovered: hot < 0 ? null : String(hot),
    max,
    kind: own.isSigned ? 'difference' : 'attention',
    words: { summary: name.name, unit: name.unit, empty },
    format: own.isSigned ? format.signed : format.weight,
    onHover: (key) => choice.hover(key === null ? null : Number(key)),
    onSelect: (key) => choice.select(Number(key)),
  }
  return (
    <li className="ranked-method">
      <MethodHead method={own.method} pane={pane} isZero={own.isZero} />
      <ChartHost draw={drawRanking} data={data} options={options} />
      {columns.length > SHOWN && <p className="note">{t('attribution.more', { count: columns.length - SHOWN })}</p>}
      <MethodDoubts method={own.method} pane={pane} />
    </li>
  )
}

/** Counted from 1: of tokens all, of words and sentences those of the text; null for the model's own tokens among these. */
function placeOf({ columns, unit }: MethodRow, column: number): number | null {
  if (unit !== 'token' && columns[column]?.axis.special) return null
  return columns.slice(0, column + 1).filter(({ axis }) => unit === 'token' || !axis.special).length
}
