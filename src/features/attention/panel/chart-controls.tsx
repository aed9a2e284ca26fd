import { useTranslation } from 'react-i18next'
import { ATTENTION_CHART_IDS, ATTENTION_CHARTS } from '#catalogue/charts'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { sameHeads } from '#state/layout/panes'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { Segmented } from '#ui/segmented'
import { SelectBox } from '#ui/select-box'
import { SliderField } from '#ui/slider-field'
import { choiceFor } from '../state/shown-heads.ts'

const REDUCES = ['each', 'mean', 'max'] as const
const ZOOMS = ['fit', 'readable'] as const

/** Which chart, of which heads, drawn how. */
export function ChartControls() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('chart', 'reduce', 'threshold', 'zoom', 'sinks')
  const answer = useApp((state) => state.a.answer)
  const { chart, reduce } = settings
  const chosen = useApp((state) => (state.a.answer ? choiceFor(state).heads : []), sameHeads)
  const { takes, lines, cells } = ATTENTION_CHARTS[chart]
  const layer = chosen[0]?.layer ?? 0
  const heads = answer?.heads ?? 0
  const layerHeads = (of: number) => Array.from({ length: heads }, (_, head) => ({ layer: of, head }))
  const several = reduce === 'max' ? 'max' : 'mean'
  return (
    <div className="chart-controls">
      <Segmented
        label={t('attention.chart')}
        value={chart}
        options={ATTENTION_CHART_IDS.map((value) => ({ value, text: t(`attention.charts.${value}`) }))}
        onChange={(value) => actions.set({ chart: value })}
      />
      <div className="chart-heads">
        {/* One token's view goes over the heads of every layer: choosing some would change nothing. */}
        {takes === 'heads' && (
          <>
            <span className="ui-label">{t('attention.heads')}</span>
            {chosen.length > 1 && <Button onPress={() => actions.set({ heads: chosen.slice(-1) })}>{t('attention.chooseOne')}</Button>}
            <Button onPress={() => actions.set({ heads: layerHeads(layer), reduce: several })}>{t('attention.chooseLayer')}</Button>
            <Button
              onPress={() =>
                actions.set({ heads: Array.from({ length: answer?.layers ?? 0 }, (_, of) => layerHeads(of)).flat(), reduce: several })
              }
            >
              {t('attention.chooseAll')}
            </Button>
          </>
        )}
        {(chosen.length > 1 || takes === 'token') && (
          <SelectBox
            label={t('attention.reduce')}
            value={!lines && reduce === 'each' ? 'mean' : reduce}
            options={REDUCES.filter((value) => lines || value !== 'each').map((value) => ({
              value,
              text: t(`attention.reduces.${value}`),
            }))}
            onChange={(value) => actions.set({ reduce: value })}
          />
        )}
      </div>
      <div className="chart-looks">
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
        <CheckField
          label={t('attention.sinksAside')}
          isSelected={settings.sinks === 'aside'}
          onChange={(aside) => actions.set({ sinks: aside ? 'aside' : 'shown' })}
        />
      </div>
    </div>
  )
}
