// A row a method over the same tokens: beside it what it is, in its cells the values.

import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { columnAt } from '#panels/shared/token-columns.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { Pane } from '#state/layout/panes'
import { largestMagnitude } from '#tensor/vector'
import { drawTokenAxis, type TokenAxisOptions } from '#views/matrix/token-axis'
import type { TokenRow } from '#views/matrix/token-rows'
import { drawTokenStrip, type TokenStripData, type TokenStripOptions } from '#views/matrix/token-strip'
import type { AttributionChartProps } from './attribution-chart-props.ts'
import { MethodDoubts } from './method-doubts.tsx'
import { MethodHead } from './method-head.tsx'
import { type AttributionRows, largestOfAll, type MethodRow, spansOf, spreadRow } from './rows.ts'
import { useCellFormat } from './use-cell-format.ts'
import { useColumnChoice } from './use-column-choice.tsx'

export function ValueRows({ shown: { pane, rows }, all, names }: AttributionChartProps) {
  const isOneScale = useApp((state) => state.settings.rowScale === 'same')
  const { columns } = rows
  return (
    <div className="value-rows-scroller">
      <div className="value-row value-row-axis" style={{ '--tokens': columns.length }}>
        <TokenLabels pane={pane} columns={columns} />
      </div>
      <ul className="value-rows" style={{ '--tokens': columns.length }}>
        {rows.methods.map((row, at) => {
          const name = names[at]
          const largest = isOneScale ? largestOfAll(all, row.isSigned) : largestMagnitude(row.values)
          return name && <ValueRow key={row.method} pane={pane} row={row} columns={columns} name={name} largest={largest || 1} />
        })}
      </ul>
    </div>
  )
}

function TokenLabels({ pane, columns }: { readonly pane: Pane; readonly columns: AttributionRows['columns'] }) {
  const choice = useColumnChoice(pane, columns)
  const hovered = columnAt(
    columns,
    useApp((state) => state.hover.token),
  )
  const data = useMemo(() => ({ tokens: columns.map(({ axis }) => axis) }), [columns])
  const options: TokenAxisOptions = {
    selectedToken: choice.selected,
    hoveredToken: hovered < 0 ? null : hovered,
    onSelect: choice.select,
    onHover: choice.hover,
  }
  return <ChartHost draw={drawTokenAxis} data={data} options={options} />
}

interface ValueRowProps {
  readonly pane: Pane
  readonly row: MethodRow
  readonly columns: AttributionRows['columns']
  readonly name: TokenRow
  /** Value of the strongest colour. */
  readonly largest: number
}

/** Drawn anew for its own values alone: others come while many methods run. */
const ValueRow = memo(function ValueRow({ pane, row, columns, name, largest }: ValueRowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const formatCell = useCellFormat(largestMagnitude(row.values), row.isSigned)
  const target = useTargetText()
  const choice = useColumnChoice(pane, columns)
  const data = useMemo(
    (): TokenStripData => ({
      tokens: columns.map(({ axis }) => axis),
      values: spreadRow(columns, row, 'values'),
      errors: spreadRow(columns, row, 'errors'),
      spans: spansOf(row),
    }),
    [row, columns],
  )
  const options: TokenStripOptions = {
    scale: { kind: row.isSigned ? 'difference' : 'attention', max: largest },
    isBlank: row.isZero,
    isFinished: row.isFinished,
    selectedToken: choice.selected,
    words: {
      summary: t('attribution.rowSummary', { method: name.name, target: target.text }),
      token: t('attribution.token'),
      unit: name.unit,
      error: t('attribution.error'),
    },
    format: row.isSigned ? format.signed : format.weight,
    formatCell,
    onSelect: choice.select,
    onHover: choice.hover,
  }
  return (
    <li className="value-row">
      <MethodHead method={row.method} pane={pane} isZero={row.isZero} />
      <ChartHost draw={drawTokenStrip} data={data} options={options} />
      <MethodDoubts method={row.method} pane={pane} />
    </li>
  )
})
