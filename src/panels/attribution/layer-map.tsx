// Gradients of a layer at every point of the residual stream at once: where on the way through the layers a token counts.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pane } from '#state/panes'
import { sameInput } from '#state/panes'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/token-rows'
import { useApp } from '../app-context.tsx'
import { ChartHost } from '../chart-host.tsx'
import { useFormat } from '../use-format.tsx'
import { useTargetText } from '../use-target-text.tsx'
import { useColumnChoice } from './attribution-pane.tsx'
import { columnsOf, inColumns } from './columns.ts'

export interface LayerMapProps {
  /** Of A by itself. */
  readonly pane: Pane
}

export function LayerMap({ pane }: LayerMapProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const settings = useApp((state) => state.settings)
  const state = useApp(({ attributions }) => attributions.a['layer-gradients'])
  const target = useTargetText()
  const { answer, frame } = pane
  const unit = t(`attribution.units.${target.space}`)
  const byWord = settings.granularity === 'word'
  const columns = useMemo(() => columnsOf(frame, answer.row.tokens, [], byWord), [frame, answer, byWord])
  const layers = state !== undefined && sameInput(state.input, answer.input) ? (state.attribution?.layers ?? null) : null
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
  const choice = useColumnChoice(pane, columns)
  if (data === null) return null
  const options: TokenRowsOptions = {
    scale: settings.rowScale,
    selectedToken: choice.selected,
    words: {
      summary: t('attribution.layerMap', { target: target.text }),
      token: t('attribution.token'),
      unit,
      share: t('attribution.share'),
      error: t('attribution.error'),
    },
    format: format.signed,
    onSelect: choice.select,
    onHover: choice.hover,
  }
  return (
    <figure className="pane">
      <figcaption className="pane-title">{t('attribution.layerMap', { target: target.text })}</figcaption>
      <ChartHost draw={drawTokenRows} data={data} options={options} />
      <p className="shows">{t('attribution.layerMapShows')}</p>
    </figure>
  )
}
