// What the charts of a pane share: its marks as slots of its axis, its scale and number format, and words for its axes.

import { useTranslation } from 'react-i18next'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { slotOf, tokenAt } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import type { ColourScale } from '#views/kit/chart'

export interface PaneChartProps {
  readonly pane: Pane
  readonly scale: ColourScale
  /** Of the values, where they are not attention itself. */
  readonly unit: string | null
  /** CSS pixels for the chart; null for as many as it takes. */
  readonly height: number | null
}

export interface PaneMarks {
  /** Slots of the chosen token and key, and of those pointed at; null where there is none. */
  readonly token: number | null
  readonly key: number | null
  readonly hoveredToken: number | null
  readonly hoveredKey: number | null
  /** Chooses the token of a slot; once more, none. */
  readonly chooseToken: (slot: number) => void
  /** Which heads are drawn. */
  readonly what: string
  /** Slots of the axis. */
  readonly count: number
  readonly shared: { readonly scale: ColourScale; readonly height: number | null; readonly format: (value: number) => string }
  readonly words: { readonly query: string; readonly key: string; readonly unit: string; readonly note: string }
}

export function usePaneMarks({ pane: { frame, choice, answer }, scale, unit, height }: PaneChartProps): PaneMarks {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('token', 'key', 'sinks')
  const hover = useApp((state) => state.hover)
  const token = slotOf(frame, settings.token)
  const key = slotOf(frame, settings.key)
  const signed = scale.kind === 'difference'
  return {
    token,
    key,
    hoveredToken: slotOf(frame, hover.token),
    hoveredKey: slotOf(frame, hover.key),
    chooseToken: (slot) => actions.set({ token: slot === token && key === null ? null : tokenAt(frame, slot), key: null }),
    what: format.choice(choice),
    count: frame.slots.length,
    shared: { scale, height, format: signed ? format.signed : format.weight },
    words: {
      query: t('attention.query'),
      key: t('attention.key'),
      unit: unit ?? t(signed ? 'attention.unitDifference' : 'attention.unit'),
      note: settings.sinks === 'aside' && answer.statistics.sinks.length > 0 ? t('attention.legendAside') : '',
    },
  }
}
