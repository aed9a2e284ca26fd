// What mattered: methods as rows over the tokens, and what each number means and does not mean.

import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isSmallModel } from '#state/model-names'
import { rankCorrelation } from '#state/rank-correlation'
import { indexOn } from '#state/token-ref'
import { Button } from '#ui/button'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/token-rows'
import { useApp, useServices } from '../app-context.tsx'
import { ChartHost } from '../chart-host.tsx'
import { useExportTarget } from '../export-target.tsx'
import { useFormat } from '../use-format.tsx'
import './attribution.css'
import { AttributionControls } from './attribution-controls.tsx'
import { MethodLine } from './method-line.tsx'
import { attributionRows } from './rows.ts'
import { useTargetText } from './use-target-text.tsx'

export function AttributionPanel() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions, loader } = useServices()
  const target = useExportTarget()
  const settings = useApp((state) => state.settings)
  const model = useApp((state) => state.model)
  const answer = useApp((state) => state.a.answer)
  const attributions = useApp((state) => state.attributions)
  const targetText = useTargetText()
  const { methods, granularity, specials } = settings
  const rows = useMemo(
    () => answer && attributionRows(answer, methods, attributions, { byWord: granularity === 'word', showSpecials: specials === 'shown' }),
    [answer, attributions, methods, granularity, specials],
  )
  const unit = t(`attribution.units.${targetText.space}`)
  const data = useMemo((): TokenRowsData | null => {
    if (!rows) return null
    const named = methods.map((method) => ({
      label: t(`attribution.methods.${method}.short`),
      name: t(`attribution.methods.${method}.name`),
      unit: t(`attribution.methods.${method}.unit`, { unit }),
    }))
    return { tokens: rows.tokens, rows: named, values: rows.values }
  }, [rows, methods, t, unit])

  const onRequest = model.status === 'ready' && model.card.gradients === 'on-request'
  // A small model is loaded again in a moment: nobody need be asked.
  const small = onRequest && isSmallModel(model.card)
  useEffect(() => {
    if (small) loader.reloadWithGradients()
  }, [small, loader])
  if (onRequest && !small) {
    return (
      <div className="empty-state">
        <p>{t('attribution.onRequest', { bytes: format.bytes(model.card.weights.bytes) })}</p>
        <Button look="primary" onPress={loader.reloadWithGradients}>
          {t('attribution.load')}
        </Button>
      </div>
    )
  }
  if (model.status === 'ready' && typeof model.card.gradients === 'object') {
    const { missing } = model.card.gradients
    return (
      <p className="empty-state">
        {missing.length === 0 ? t('attribution.notStarted') : t('attribution.impossible', { operators: missing.join(', ') })}
      </p>
    )
  }
  if (answer?.prediction.kind === 'embedding') return <p className="empty-state">{t('attribution.noAnswer')}</p>
  const selected = indexOn('a', settings.token)
  const column = selected === null || !rows ? -1 : rows.first.findLastIndex((first) => first <= selected)
  const options: TokenRowsOptions = {
    scale: settings.rowScale,
    selectedToken: column < 0 ? null : column,
    words: {
      summary: t('attribution.summary', { target: targetText.text }),
      token: t('attribution.token'),
      unit,
      share: t('attribution.share'),
    },
    format: format.signed,
    onSelect: (at) => {
      const index = rows?.first[at]
      if (index !== undefined) actions.set({ token: selected === index ? null : { side: 'a', index }, key: null })
    },
    onHover: (at) => {
      const index = at === null ? undefined : rows?.first[at]
      actions.hover({ token: index === undefined ? null : { side: 'a', index } })
    },
  }
  return (
    <section className="attribution" aria-label={t('attribution.label')} id="charts" tabIndex={-1}>
      <AttributionControls />
      {data && rows && methods.length > 0 ? (
        <>
          <figure className="pane" ref={target}>
            <figcaption className="pane-title">{t('attribution.title', { target: targetText.text })}</figcaption>
            <ChartHost draw={drawTokenRows} data={data} options={options} />
          </figure>
          <Agreement rows={rows.values} columns={rows.tokens.length} />
          <ul className="method-lines">
            {methods.map((method) => (
              <MethodLine key={method} method={method} state={attributions[method]} unit={unit} />
            ))}
          </ul>
        </>
      ) : (
        <p className="empty-state">{t(answer ? 'attribution.none' : 'attention.waiting')}</p>
      )}
      <p className="shows">
        {t('attribution.shows')} <span className="shows-not">{t('attribution.showsNot')}</span>
      </p>
    </section>
  )
}

/** How far pairs of methods agree in their order of the tokens, strongest first regardless of sign. */
function Agreement({ rows, columns }: { readonly rows: Float32Array; readonly columns: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const methods = useApp((state) => state.settings.methods)
  const rowOf = (row: number): Float32Array => rows.subarray(row * columns, (row + 1) * columns).map(Math.abs)
  const pairs = methods.flatMap((one, row) =>
    methods.slice(row + 1).flatMap((other, offset) => {
      const value = rankCorrelation(rowOf(row), rowOf(row + 1 + offset))
      // A row that is still coming has no order.
      return Number.isNaN(value) || [...rowOf(row), ...rowOf(row + 1 + offset)].some(Number.isNaN) ? [] : [{ one, other, value }]
    }),
  )
  if (pairs.length === 0) return null
  return (
    <p className="note agreement" title={t('attribution.agreementMeans')}>
      {t('attribution.agreement')}{' '}
      {pairs.map(({ one, other, value }) => (
        <span key={`${one} ${other}`} className="agreement-pair">
          {t(`attribution.methods.${one}.name`)} – {t(`attribution.methods.${other}.name`)} <strong>{format.signed(value)}</strong>
        </span>
      ))}
    </p>
  )
}
