// What the chosen methods of a group can be asked besides the target.

import { useTranslation } from 'react-i18next'
import { type AttributionMethodId, optionsInUse } from '#catalogue/attribution-methods'
import { type AttributionOptions, BASELINES } from '#catalogue/attribution-options'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { RemovalField } from '#panels/shared/removal-fields.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { withOwn } from '#panels/shared/with-own.ts'
import { comparesModels } from '#state/reference'
import { SelectBox } from '#ui/select-box'
import { SliderField } from '#ui/slider-field'

export interface MethodOptionsProps {
  /** Chosen ones of a group. */
  readonly methods: readonly AttributionMethodId[]
}

/** Noise in percent of a typical embedding: beyond twice its length nothing of the token is left. */
const MOST_NOISE = 200
/** Units that LIME may use: all, or as few as are easily told. */
const FEATURES: readonly number[] = [0, 3, 6, 10]

export function MethodOptions({ methods }: MethodOptionsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('baseline', 'residualPoint', 'features', 'noise')
  const layers = useApp((state) => state.a.answer?.layers ?? 0)
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const hasReference = useApp((state) => state.reference !== null && !comparesModels(state.settings))
  const used = optionsInUse(methods)
  // What is removed at once is chosen with the columns.
  if (Array.from(used).every((option) => option === 'unit')) return null
  const has = (option: keyof AttributionOptions): boolean => used.has(option)
  const baselines = BASELINES.filter((kind) => (kind === 'reference' ? hasReference : (card?.baselines.includes(kind) ?? kind === 'zero')))
  const points = Array.from({ length: layers + 1 }, (_, point) => point)
  return (
    <div className="method-options">
      {has('baseline') && (
        <SelectBox
          label={t('attribution.baseline')}
          value={settings.baseline}
          options={withOwn(baselines, settings.baseline).map((value) => ({ value, text: t(`attribution.baselines.${value}`) }))}
          onChange={(baseline) => actions.set({ baseline })}
        />
      )}
      {has('layer') && (
        <SelectBox
          label={t('attribution.point')}
          value={String(Math.min(settings.residualPoint, layers))}
          options={points.map((point) => ({
            value: String(point),
            text: point === 0 ? t('attribution.atEmbeddings') : t('attribution.afterLayer', { layer: point }),
          }))}
          onChange={(point) => actions.set({ residualPoint: Number(point) })}
        />
      )}
      {has('removal') && <RemovalField />}
      {has('features') && (
        <SelectBox
          label={t('attribution.features')}
          value={String(settings.features)}
          options={withOwn(FEATURES, settings.features).map((count) => ({
            value: String(count),
            text: count === 0 ? t('attribution.allFeatures') : t('attribution.someFeatures', { count }),
          }))}
          onChange={(count) => actions.set({ features: Number(count) })}
        />
      )}
      {has('noise') && (
        <SliderField
          label={t('attribution.noise')}
          value={settings.noise}
          min={5}
          max={MOST_NOISE}
          step={5}
          format={(value) => format.percent(value / 100)}
          onChange={(noise) => actions.set({ noise })}
        />
      )}
    </div>
  )
}
