// Rank correlations of the methods' orders of the tokens, in words of few, in a matrix of many.

import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { axisName } from '#views/kit/chart'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/matrix/token-rows'
import { rankCorrelations } from './rank-correlations.ts'
import type { PaneRows } from './rows.ts'
import { useMethodNames } from './use-method-names.tsx'

/** More pairs than this are read more easily in a matrix. */
const MOST_IN_WORDS = 3

export function Agreement({ rows }: Pick<PaneRows, 'rows'>) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const count = rows.methods.length
  if ((count * (count - 1)) / 2 <= MOST_IN_WORDS) return <AgreementInWords rows={rows} />
  return (
    <details className="agreement-matrix" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('attribution.agreementOf', { count })}</summary>
      {/* Computed and drawn for who looks at it: every value of every method changes all of it. */}
      {isOpen && <AgreementMatrix rows={rows} />}
      <p className="note">{t('attribution.agreementMeans')}</p>
    </details>
  )
}

function useCorrelations(rows: PaneRows['rows']) {
  const methods = useMemo(() => rows.methods.map(({ method }) => method), [rows])
  const names = useMethodNames(methods)
  const matrix = useMemo(() => rankCorrelations(rows), [rows])
  return { names, matrix }
}

function AgreementInWords({ rows }: Pick<PaneRows, 'rows'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const { names, matrix } = useCorrelations(rows)
  const pairs = names.flatMap((one, row) =>
    names.slice(row + 1).flatMap((other, offset) => {
      const value = matrix[row * names.length + row + 1 + offset] ?? Number.NaN
      return Number.isNaN(value) ? [] : [{ one: one.label, other: other.label, value }]
    }),
  )
  if (pairs.length === 0) return null
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

function AgreementMatrix({ rows }: Pick<PaneRows, 'rows'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const { names, matrix } = useCorrelations(rows)
  const data = useMemo((): TokenRowsData => {
    const axis = names.map(({ label }) => axisName(label))
    return { tokens: axis, rows: names.map((name) => ({ ...name, unit: '' })), values: matrix }
  }, [names, matrix])
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
  return <ChartHost draw={drawTokenRows} data={data} options={options} />
}
