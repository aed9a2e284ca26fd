// Gradients of a layer at every point of the residual stream at once: where on the way through the layers a token counts.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { columnsOf, inColumns } from '#panels/shared/token-columns.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { attributionSlot } from '#state/attributions'
import type { Pane } from '#state/layout/panes'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/matrix/token-rows'
import { currentAttribution } from './rows.ts'
import { useColumnChoice } from './use-column-choice.tsx'

export interface LayerMapProps {
  /** Of A by itself. */
  readonly pane: Pane
}

export function LayerMap({ pane }: LayerMapProps) {
  const { t } = useTranslation()
  const settings = useSettings('unit')
  const state = useApp(attributionSlot('a', 'layer-gradients').of) ?? undefined
  const target = useTargetText()
  const { answer, frame } = pane
  const unit = t(`target.units.${target.space}`)
  const byWord = settings.unit !== 'token'
  const columns = useMemo(() => columnsOf(frame, answer.row.tokens, [], byWord), [frame, answer, byWord])
  const layers = currentAttribution(state, answer)?.layers ?? null
  const data = useMemo((): TokenRowsData | null => {
    if (layers === null) return null
    const tokens = answer.row.tokens.length
    const points = Array.from({ length: Math.round(layers.length / tokens) }, (_, point) => point)
    const values = points.flatMap((point) =>
      Array.from(inColumns(columns, 'a', layers.subarray(point * tokens, (point + 1) * tokens), null)),
    )
    const rows = points.map((point) => {
      const name = point === 0 ? t('attribution.atEmbeddings') : t('attribution.afterLayer', { layer: point })
      return { label: name, name, unit }
    })
    return { tokens: columns.map(({ axis }) => axis), rows, values: Float32Array.from(values) }
  }, [layers, columns, answer, t, unit])
  const format = useFormat()
  const choice = useColumnChoice(pane, columns)
  const scale = useApp((app) => app.settings.rowScale)
  const title = t('attribution.layerMap', { target: target.text })
  const options: TokenRowsOptions = {
    scale,
    largest: null,
    selectedToken: choice.selected,
    words: { summary: title, token: t('attribution.token'), unit, share: t('attribution.share'), error: t('attribution.error') },
    format: format.signed,
    onSelect: choice.select,
    onHover: choice.hover,
  }
  if (data === null) return null
  return (
    <figure className="pane">
      <figcaption className="pane-title">{title}</figcaption>
      <ChartHost draw={drawTokenRows} data={data} options={options} />
      <p className="shows">{t('attribution.layerMapShows')}</p>
    </figure>
  )
}
