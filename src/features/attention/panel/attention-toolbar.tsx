// One row: which chart, of which heads, coloured and ranked by what, how large, with or without sinks.

import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { ATTENTION_CHART_IDS, ATTENTION_CHARTS } from '#catalogue/charts'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { currentDifference } from '#state/layout/panes'
import { CheckField } from '#ui/check-field'
import { PopoverButton } from '#ui/popover-button'
import { Segmented } from '#ui/segmented'
import { SelectBox } from '#ui/select-box'
import { SliderField } from '#ui/slider-field'
import { HeadPicker } from './head-picker.tsx'

const ZOOMS = ['fit', 'readable'] as const
const ORDERS = ['auto', 'importance', 'change', 'focus', 'distance'] as const
const WEIGHTINGS = ['attention', 'gradient', 'importance'] as const

export interface AttentionToolbarProps {
  /** What the charts show and what they do not, in sentences. */
  readonly explained: readonly string[]
}

/** Not drawn again with every answer. */
export const AttentionToolbar = memo(function AttentionToolbar({ explained }: AttentionToolbarProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('chart', 'weighting', 'gridOrder', 'threshold', 'zoom', 'sinks')
  const compared = useApp((state) => currentDifference(state) !== null)
  // Offered while the model is on its way, too: the page must not jump when it arrives.
  const gradients = useApp(({ model }) => model.status !== 'ready' || typeof model.card.gradients === 'string')
  const { lines, cells } = ATTENTION_CHARTS[settings.chart]
  const isOffered = { auto: true, importance: gradients, change: compared, focus: true, distance: true }
  return (
    <div className="chart-controls attention-toolbar">
      <Segmented
        label={t('attention.chart')}
        value={settings.chart}
        options={ATTENTION_CHART_IDS.map((value) => ({ value, text: t(`attention.charts.${value}`) }))}
        onChange={(chart) => actions.set({ chart })}
      />
      <HeadPicker />
      {gradients && (
        <SelectBox
          label={t('attention.weighting')}
          value={settings.weighting}
          options={WEIGHTINGS.map((value) => ({ value, text: t(`attention.weightings.${value}`) }))}
          onChange={(weighting) => actions.set({ weighting })}
        />
      )}
      <SelectBox
        label={t('attention.order')}
        value={settings.gridOrder}
        options={ORDERS.filter((order) => isOffered[order] || settings.gridOrder === order).map((value) => ({
          value,
          text: t(`attention.orders.${value}`),
        }))}
        onChange={(gridOrder) => actions.set({ gridOrder })}
      />
      <CheckField
        label={t('attention.sinksAside')}
        isSelected={settings.sinks === 'aside'}
        onChange={(aside) => actions.set({ sinks: aside ? 'aside' : 'shown' })}
      />
      {lines && (
        <SliderField
          label={t('attention.threshold')}
          value={settings.threshold}
          min={0}
          max={100}
          step={1}
          format={(value) => format.weight(value / 100)}
          onChange={(threshold) => actions.set({ threshold })}
        />
      )}
      {cells && (
        <SelectBox
          label={t('attention.zoom')}
          value={settings.zoom}
          options={ZOOMS.map((value) => ({ value, text: t(`attention.zooms.${value}`) }))}
          onChange={(zoom) => actions.set({ zoom })}
        />
      )}
      <PopoverButton title={t('attention.explained')} icon="help">
        {explained.map((sentence) => (
          <p key={sentence} className="popover-text">
            {sentence}
          </p>
        ))}
      </PopoverButton>
    </div>
  )
})
