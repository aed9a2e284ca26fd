// One token over all layers: what it looks at, and what looks at it.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { layOutRows, slotOf, tokenAt } from '#state/layout/frame'
import { reduceHeads } from '#state/layout/reduce-heads'
import { drawTokenFocus, type TokenFocusData, type TokenFocusOptions } from '#views/matrix/token-focus'
import { axisOf, scaleFor } from './axis.ts'
import type { PaneChartProps } from './use-pane-marks.ts'

export function FocusChart({ pane, height }: PaneChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const { token, reduce, heads, sinks } = useSettings('token', 'reduce', 'heads', 'sinks')
  const { frame, answer } = pane
  const axis = useMemo(() => axisOf(frame), [frame])
  const slot = slotOf(frame, token)
  const data = useMemo((): TokenFocusData | null => {
    const { focus } = answer
    const index = slot === null ? undefined : frame.slots[slot]?.[frame.side === 'b' ? 'b' : 'a']
    if (!focus || slot === null || focus.token !== index) return null
    const over = (values: Float32Array): Float32Array => layOutRows(frame, focus.layers, focus.tokens, reduceHeads(focus, values, reduce))
    return { tokens: axis, token: slot, layers: focus.layers, from: over(focus.from), to: over(focus.to) }
  }, [answer, axis, frame, slot, reduce])

  if (!data) {
    const label = token && answer.row.tokens[token.index]?.label
    const isAside = sinks === 'aside' && slot === null && token?.side === (frame.side === 'b' ? 'b' : 'a') && label
    return <p className="empty-state">{isAside ? t('attention.tokenAside', { token: label }) : t('attention.noToken')}</p>
  }
  const options: TokenFocusOptions = {
    scale: scaleFor('attention', [data.from, data.to]),
    selectedLayer: heads[0]?.layer ?? null,
    height,
    words: {
      looksAt: t('attention.looksAt'),
      lookedAtBy: t('attention.lookedAtBy'),
      layer: t('attention.layer'),
      summary: t('attention.summaryToken', { token: axis[data.token]?.label ?? '', layers: data.layers }),
      unit: `${t('attention.unit')}, ${t(reduce === 'max' ? 'attention.reduces.max' : 'attention.reduces.mean')}`,
      note: sinks === 'aside' && answer.statistics.sinks.length > 0 ? t('attention.legendAside') : '',
    },
    format: format.weight,
    onSelect: (layer, key) =>
      actions.set({
        key: tokenAt(frame, key),
        heads: Array.from({ length: answer.heads }, (_, head) => ({ layer, head })),
        reduce: reduce === 'max' ? 'max' : 'mean',
      }),
    onHover: (at) => actions.hover({ key: at && tokenAt(frame, at.token) }),
  }
  return <ChartHost draw={drawTokenFocus} data={data} options={options} />
}
