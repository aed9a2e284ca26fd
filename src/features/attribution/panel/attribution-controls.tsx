// Which methods attribute the target, and how their answers are drawn.

import { useTranslation } from 'react-i18next'
import { ATTRIBUTION_METHODS, type AttributionMethodId, METHOD_GROUPS, METHODS } from '#catalogue/attribution-methods'
import { ATTRIBUTION_CHART_IDS, ATTRIBUTION_CHARTS } from '#catalogue/charts'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { SpecialsField } from '#panels/shared/specials-field.tsx'
import { TargetFields } from '#panels/shared/target-fields.tsx'
import { CheckField } from '#ui/check-field'
import { Segmented } from '#ui/segmented'
import { MethodOptions } from './method-options.tsx'

export function AttributionControls() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const settings = useSettings('methods', 'attributionChart', 'granularity', 'rowScale')
  const layers = useApp((state) => state.a.answer?.layers ?? 0)
  // Few methods fit a surrogate; a link may have asked for its samples before one is chosen.
  const charts = ATTRIBUTION_CHART_IDS.filter(
    (chart) =>
      ATTRIBUTION_CHARTS[chart].takes === 'values' ||
      settings.attributionChart === chart ||
      settings.methods.some((method) => METHODS[method].gives === 'surrogate'),
  )
  const toggle = (method: AttributionMethodId, on: boolean): void => {
    const chosen = ATTRIBUTION_METHODS.filter((candidate) => (candidate === method ? on : settings.methods.includes(candidate)))
    actions.set({ methods: chosen })
  }
  return (
    <div className="attribution-controls">
      <TargetFields />
      {METHOD_GROUPS.map(({ family, methods }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is on screen
        <div key={family} className="chart-heads" role="group" aria-label={t(`attribution.families.${family}`)}>
          <span className="ui-label">{t(`attribution.families.${family}`)}</span>
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
        {ATTRIBUTION_CHARTS[settings.attributionChart].takes === 'values' && (
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
