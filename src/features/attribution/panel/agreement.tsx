// Rank correlations of the methods' orders of the tokens, in words of few, in a matrix of many.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { AxisToken } from '#views/kit/chart'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/matrix/token-rows'
import { rankCorrelations } from './rank-correlations.ts'
import type { PaneRows } from './rows.ts'
import { useMethodNames } from './use-method-names.tsx'

/** More pairs than this are read more easily in a matrix. */
const MOST_IN_WORDS = 3

export function Agreement({ rows }: Pick<PaneRows, 'rows'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const methods = useMemo(() => rows.methods.map(({ method }) => method), [rows])
  const names = useMethodNames(methods)
  const count = methods.length
  const matrix = useMemo(() => rankCorrelations(rows), [rows])
  const data = useMemo((): TokenRowsData => {
    const axis = names.map(({ label }): AxisToken => ({ label, special: false, changed: false, gap: false }))
    return { tokens: axis, rows: names.map((name) => ({ ...name, unit: '' })), values: matrix }
  }, [names, matrix])
  const pairs = names.flatMap((one, row) =>
    names.slice(row + 1).flatMap((other, offset) => {
      const value = matrix[row * count + row + 1 + offset] ?? Number.NaN
      return Number.isNaN(value) ? [] : [{ one: one.label, other: other.label, value }]
    }),
  )
  if (pairs.length === 0) return null
  if (pairs.length <= MOST_IN_WORDS) {
    return (
      <p className="note agreement" title={t('attribution.agreementMeans')}>
        {t('attribution.agreement')}:{' '}
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
    largest: 1,
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
