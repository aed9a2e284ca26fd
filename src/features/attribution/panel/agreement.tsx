// How far methods agree in their order of the tokens, strongest first regardless of sign.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { rankCorrelation } from '#tensor/rank-correlation'
import type { AxisToken } from '#views/kit/chart'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/matrix/token-rows'
import { type PaneRows, spreadRows } from './rows.ts'
import { useMethodNames } from './use-method-names.tsx'

/** More pairs than this are read more easily in a matrix. */
const MOST_IN_WORDS = 3

/** Of every two methods [methods, methods]; NaN where one is still coming, or has no order. */
function agreements(values: Float32Array, columns: readonly number[], width: number, methods: number): Float32Array {
  const row = (of: number): Float32Array => Float32Array.from(columns, (column) => Math.abs(values[of * width + column] ?? Number.NaN))
  const rows = Array.from({ length: methods }, (_, of) => row(of))
  const isWhole = rows.map((of) => !of.some(Number.isNaN))
  return Float32Array.from({ length: methods * methods }, (_, at) => {
    const [one, other] = [Math.floor(at / methods), at % methods]
    const [left, right] = [rows[one], rows[other]]
    return left && right && isWhole[one] && isWhole[other] ? rankCorrelation(left, right) : Number.NaN
  })
}

export function Agreement({ rows }: Pick<PaneRows, 'rows'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const methods = useApp((state) => state.settings.methods)
  const names = useMethodNames(methods)
  const count = methods.length
  const matrix = useMemo(() => {
    const { columns } = rows
    // Some methods never take the model's own tokens away: their zeros there would agree.
    const shown = Array.from(columns.keys()).filter((column) => !columns[column]?.axis.gap && !columns[column]?.axis.special)
    return agreements(spreadRows(rows, 'values'), shown, columns.length, count)
  }, [rows, count])
  const data = useMemo((): TokenRowsData => {
    const axis = names.map(({ label }): AxisToken => ({ label, special: false, changed: false, gap: false }))
    return { tokens: axis, rows: names.map((name) => ({ ...name, unit: '' })), values: matrix }
  }, [names, matrix])
  const pairs = names.flatMap((one, row) =>
    names.slice(row + 1).flatMap((other, offset) => {
      const value = matrix[row * count + row + 1 + offset] ?? Number.NaN
      return Number.isNaN(value) ? [] : [{ one: one.name, other: other.name, value }]
    }),
  )
  if (pairs.length === 0) return null
  if (pairs.length <= MOST_IN_WORDS) {
    return (
      <p className="note agreement" title={t('attribution.agreementMeans')}>
        {t('attribution.agreement')}{' '}
        {pairs.map(({ one, other, value }) => (
          <span key={`${one} ${other}`} className="agreement-pair">
            {one} – {other} <strong>{format.signed(value)}</strong>
          </span>
        ))}
      </p>
    )
  }
  const options: TokenRowsOptions = {
    scale: 'same',
    largest: null,
    selectedToken: null,
    words: {
      summary: t('attribution.agreement'),
      token: t('attribution.method'),
      unit: t('attribution.correlation'),
      share: '',
      error: '',
    },
    format: format.signed,
    onSelect: () => undefined,
    onHover: () => undefined,
  }
  return (
    <details className="agreement-matrix">
      <summary>{t('attribution.agreementOf', { count })}</summary>
      <ChartHost draw={drawTokenRows} data={data} options={options} />
      <p className="note">{t('attribution.agreementMeans')}</p>
    </details>
  )
}
