// Which methods attribute the target, and how their answers are drawn.

import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#methods/attribution'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { SpecialsField } from '#panels/shared/specials-field.tsx'
import { TargetFields } from '#panels/shared/target-fields.tsx'
import { ATTRIBUTION_CHARTS, ATTRIBUTION_METHODS, METHOD_GROUPS } from '#state/target'
import { CheckField } from '#ui/check-field'
import { Segmented } from '#ui/segmented'
import { MethodOptions } from './method-options.tsx'

export function AttributionControls() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const settings = useSettings('methods', 'attributionChart', 'granularity', 'rowScale')
  const layers = useApp((state) => state.a.answer?.layers ?? 0)
  // Only LIME has samples; a link may have asked for them before it is chosen.
  const charts = ATTRIBUTION_CHARTS.filter(
    (chart) => chart !== 'samples' || settings.attributionChart === chart || settings.methods.includes('lime'),
  )
  const toggle = (method: AttributionMethodId, on: boolean): void => {
    const chosen = ATTRIBUTION_METHODS.filter((candidate) => (candidate === method ? on : settings.methods.includes(candidate)))
    actions.set({ methods: chosen })
  }
  return (
    <div className="attribution-controls">
      <TargetFields />
      {METHOD_GROUPS.map(({ group, methods }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is on screen
        <div key={group} className="chart-heads" role="group" aria-label={t(`attribution.groups.${group}`)}>
          <span className="ui-label">{t(`attribution.groups.${group}`)}</span>
          {methods.map((method) => (
            <CheckField
              key={method}
              label={t(`methods.${method}.name`)}
              isSelected={settings.methods.includes(method)}
              onChange={(on) => toggle(method, on)}
            />
          ))}
        </div>
      ))}
      <MethodOptions layers={layers} />
      <div className="chart-looks">
        <Segmented
          label={t('attribution.chart')}
          value={settings.attributionChart}
          options={charts.map((value) => ({ value, text: t(`attribution.charts.${value}`) }))}
          onChange={(attributionChart) => actions.set({ attributionChart })}
        />
        {settings.attributionChart !== 'samples' && (
          <>
            <Segmented
              label={t('attribution.granularity')}
              value={settings.granularity}
              options={(['token', 'word'] as const).map((value) => ({ value, text: t(`attribution.granularities.${value}`) }))}
              onChange={(granularity) => actions.set({ granularity })}
            />
            <Segmented
              label={t('attribution.scale')}
              value={settings.rowScale}
              options={(['own', 'same'] as const).map((value) => ({ value, text: t(`attribution.scales.${value}`) }))}
              onChange={(rowScale) => actions.set({ rowScale })}
            />
            <SpecialsField />
          </>
        )}
      </div>
    </div>
  )
}
