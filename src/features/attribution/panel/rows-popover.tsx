// How the methods' answers are drawn.

import { useTranslation } from 'react-i18next'
import { METHODS } from '#catalogue/attribution-methods'
import { ATTRIBUTION_CHART_IDS, ATTRIBUTION_CHARTS } from '#catalogue/charts'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { Icon } from '#ui/icon'
import { PopoverButton } from '#ui/popover-button'
import { Segmented } from '#ui/segmented'

export function RowsPopover() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const settings = useSettings('methods', 'attributionChart', 'rowScale')
  // Few methods fit a surrogate; a link may have asked for its samples before one is chosen.
  const charts = ATTRIBUTION_CHART_IDS.filter(
    (chart) =>
      ATTRIBUTION_CHARTS[chart].takes !== 'surrogate' ||
      settings.attributionChart === chart ||
      settings.methods.some((method) => METHODS[method].gives === 'surrogate'),
  )
  return (
    <PopoverButton
      title={t('attribution.chart')}
      look="plain"
      text={
        <>
          {t(`attribution.charts.${settings.attributionChart}`)}
          <Icon name="down" />
        </>
      }
    >
      <div className="popover-fields">
        <Segmented
          label={t('attribution.chart')}
          value={settings.attributionChart}
          options={charts.map((value) => ({ value, text: t(`attribution.charts.${value}`) }))}
          onChange={(attributionChart) => actions.set({ attributionChart })}
        />
        {ATTRIBUTION_CHARTS[settings.attributionChart].takes !== 'surrogate' && (
          <Segmented
            label={t('attribution.scale')}
            value={settings.rowScale}
            options={(['own', 'same'] as const).map((value) => ({ value, text: t(`attribution.scales.${value}`) }))}
            onChange={(rowScale) => actions.set({ rowScale })}
          />
        )}
      </div>
    </PopoverButton>
  )
}
