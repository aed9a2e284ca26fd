// What is attributed, by which methods, and how it is drawn.

import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#methods/attribution'
import { ATTRIBUTION_METHODS, METHOD_GROUPS, TARGET_SPACES, targetChoices, targetOf } from '#state/attribution-target'
import { indexOn } from '#state/token-ref'
import { CheckField } from '#ui/check-field'
import { Segmented } from '#ui/segmented'
import { SelectBox } from '#ui/select-box'
import { useApp, useServices } from '../app-context.tsx'
import { SpecialsField } from '../specials-field.tsx'
import { useFormat } from '../use-format.tsx'
import { MethodOptions } from './method-options.tsx'

const NONE = 'none'
/** Candidates that can be asked about; a longer list is not looked through. */
const LISTED = 20

export function AttributionControls() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useApp((state) => state.settings)
  const answer = useApp((state) => state.a.answer)
  const token = indexOn('a', settings.token)
  const target = answer && targetOf(settings, answer, token)
  const choices = answer ? targetChoices(settings, answer, token).slice(0, LISTED) : []
  const options = choices.map(({ index, label }) => ({
    value: String(index),
    text: format.label(label.trim() === '' ? `“${label}”` : label.trim()),
  }))
  const named = (index: number) =>
    options.some(({ value }) => value === String(index)) ? [] : [{ value: String(index), text: `#${index}` }]
  const toggle = (method: AttributionMethodId, on: boolean): void => {
    const chosen = ATTRIBUTION_METHODS.filter((candidate) => (candidate === method ? on : settings.methods.includes(candidate)))
    actions.set({ methods: chosen })
  }
  const readsOn = answer?.prediction.kind === 'tokens' && answer.prediction.asks === 'next' && token !== null && token > 0
  const spaces = answer?.prediction.kind === 'classes' && answer.prediction.activation !== 'none'
  return (
    <div className="attribution-controls">
      {target && (
        <div className="chart-heads">
          <SelectBox
            label={t('attribution.target')}
            value={String(target.index)}
            options={[...named(target.index), ...options]}
            onChange={(value) => actions.set({ target: Number(value), ...(settings.foil === Number(value) ? { foil: null } : {}) })}
          />
          <SelectBox
            label={t('attribution.foil')}
            value={target.foil === null ? NONE : String(target.foil)}
            options={[
              { value: NONE, text: t('attribution.noFoil') },
              ...(target.foil === null ? [] : named(target.foil)),
              ...options.filter(({ value }) => value !== String(target.index)),
            ]}
            onChange={(value) => actions.set({ foil: value === NONE ? null : Number(value), target: target.index })}
          />
          {spaces && (
            <SelectBox
              label={t('attribution.space')}
              value={target.space}
              options={TARGET_SPACES.map((value) => ({ value, text: t(`attribution.spaces.${value}`) }))}
              onChange={(targetSpace) => actions.set({ targetSpace })}
            />
          )}
        </div>
      )}
      {readsOn && (
        <Segmented
          label={t('attribution.explains')}
          value={settings.explains}
          options={(['itself', 'after'] as const).map((value) => ({
            value,
            text: t(`attribution.explainsWhat.${value}`, { token: answer.row.tokens[token]?.label.trim() ?? '' }),
          }))}
          onChange={(explains) => actions.set({ explains, target: null, foil: null })}
        />
      )}
      {METHOD_GROUPS.map(({ group, methods }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is on screen
        <div key={group} className="chart-heads" role="group" aria-label={t(`attribution.groups.${group}`)}>
          <span className="ui-label">{t(`attribution.groups.${group}`)}</span>
          {methods.map((method) => (
            <CheckField
              key={method}
              label={t(`attribution.methods.${method}.name`)}
              isSelected={settings.methods.includes(method)}
              onChange={(on) => toggle(method, on)}
            />
          ))}
        </div>
      ))}
      <MethodOptions layers={answer?.layers ?? 0} />
      <div className="chart-looks">
        <Segmented
          label={t('attribution.chart')}
          value={settings.attributionChart}
          options={(['rows', 'ranked'] as const).map((value) => ({ value, text: t(`attribution.charts.${value}`) }))}
          onChange={(attributionChart) => actions.set({ attributionChart })}
        />
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
      </div>
    </div>
  )
}
