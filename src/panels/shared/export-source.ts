// Where a file comes from: model, texts, settings and time, for every file; and the same in words, for the caption of a picture.

import type { TFunction } from 'i18next'
import { optionsInUse } from '#catalogue/attribution-methods'
import type { AttributionOptions } from '#catalogue/attribution-options'
import type { AppState } from '#state/app-state'
import { indexOn } from '#state/layout/token-ref'
import { nameOfRef, writeModelRef } from '#state/model/model-names'
import { comparedInput, comparedModel } from '#state/reference'
import { optionsOf, targetOf } from '#state/target'
import { aboutTarget } from './about-target.ts'
import type { Cell } from './export-tables.ts'

/** Names are those of files. */
export function exportSource(state: AppState, link: string, now: Date): Readonly<Record<string, Cell>> {
  const { settings, model, modelB } = state
  const card = model.status === 'ready' ? model.card : null
  const compared = comparedInput(state)
  return {
    model: card?.name ?? nameOfRef(model.ref),
    /** With revision and file, where it has them. */
    model_source: writeModelRef(model.ref),
    model_precision: card?.precision.join(' + ') ?? null,
    model_weights: card?.weights.form ?? null,
    model_backend: card?.backend.backend ?? null,
    text: settings.textA,
    text_edits: settings.editsA.length === 0 ? null : JSON.stringify(settings.editsA),
    compared_with: compared?.text ?? null,
    compared_edits: compared === null || compared.edits.length === 0 ? null : JSON.stringify(compared.edits),
    compared_model: comparedModel(state) === 'modelB' && modelB !== null ? writeModelRef(modelB.ref) : null,
    link,
    created: now.toISOString(),
  }
}

/** The first line of a caption, and those below it. */
export interface Caption {
  readonly title: string
  readonly lines: readonly string[]
}

export function captionOf(state: AppState, t: TFunction, language: string, now: Date): Caption {
  const { settings, model } = state
  const card = model.status === 'ready' ? model.card : null
  const name = card?.name ?? nameOfRef(model.ref)
  const shown = t(`model.names.${name}` as 'model.names.minilm-sst2', { defaultValue: name })
  const revision = model.ref.kind === 'hub' ? `${model.ref.revision}, ${model.ref.file}` : ''
  const edited = (text: string, edits: number): string =>
    edits === 0 ? `“${text}”` : `“${text}” + ${t('history.edits', { count: edits })}`
  const compared = comparedInput(state)
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(now)
  const lines = [
    `A: ${edited(settings.textA, settings.editsA.length)}`,
    compared === null ? '' : `${t('compare.label')}: ${edited(compared.text, compared.edits.length)}`,
    targetLine(state, t),
    settingsLine(state, t),
    [revision, card?.precision.join(' + '), card && `${card.backend.backend}, ${card.weights.form}`, date, 'Innerscope']
      .filter(Boolean)
      .join(' · '),
  ]
  return { title: `${shown} · ${t(`app.tabs.${settings.tab}`)}`, lines: lines.filter((line) => line !== '') }
}

/** Target, contrast and scale, where a target is asked about. */
function targetLine({ settings, a: { answer } }: AppState, t: TFunction): string {
  const target = answer && targetOf(settings, answer, indexOn('a', settings.token))
  // What interventions measure is in their tables: there B may name the contrast.
  if (
    answer === null ||
    target === null ||
    settings.tab === 'intervene' ||
    (settings.tab === 'attention' && settings.weighting === 'attention')
  )
    return ''
  const { target: wanted, rather_than: foil } = aboutTarget(settings, answer, target)
  const label = (text: string): string => t(`prediction.classes.${text}` as 'prediction.classes.POSITIVE', { defaultValue: text.trim() })
  return [
    `${t('target.target')}: ${label(wanted)}`,
    `${t('target.foil')}: ${foil === null ? t('target.noFoil') : label(foil)}`,
    `${t('target.space')}: ${t(`target.spaces.${target.space}`)} (${t(`target.units.${target.space}`)})`,
  ].join(' · ')
}

/** What was done: heads, methods or edits, with their settings. */
function settingsLine(state: AppState, t: TFunction): string {
  const { settings, a } = state
  const units = `${t('removal.unit')}: ${t(`removal.unitsTaken.${settings.unit}`)}`
  const removal = `${t('removal.removal')}: ${t(`removal.removals.${optionsOf(state).removal}`)}`
  switch (settings.tab) {
    case 'attention': {
      const heads = a.answer?.choice.heads ?? []
      const named = heads.slice(0, 6).map(({ layer, head }) => `${layer + 1}.${head + 1}`)
      const chart = t(`attention.charts.${settings.chart}` as 'attention.charts.heatmap')
      return `${chart} · ${named.join(', ')}${heads.length > named.length ? ' …' : ''}${heads.length > 1 ? ` (${settings.reduce})` : ''}`
    }
    case 'attribution':
      return [
        ...settings.methods.map((method) => t(`methods.${method}.name` as 'methods.saliency.name')),
        ...methodSettings(state, t),
      ].join(' · ')
    case 'what-if': {
      const view = t(`whatIf.views.${settings.whatIfView}` as 'whatIf.views.scan')
      return [view, units, ...(settings.whatIfView === 'interactions' ? [removal] : [])].join(' · ')
    }
    case 'intervene': {
      if (settings.interveneView === 'ablate') return t(`intervene.kinds.${settings.ablation}` as 'app.export')
      const parts = [`intervene.maps.${settings.patchMap}`, `intervene.directions.${settings.patchDirection}`]
      return parts.map((part) => t(part as 'app.export')).join(' · ')
    }
    case 'generate':
    case 'inside':
      return ''
  }
}

/** What the chosen methods were asked with, as far as it changes something for one of them. */
function methodSettings(state: AppState, t: TFunction): readonly string[] {
  const used = optionsInUse(state.settings.methods)
  const { baseline, layer, removal, unit, noise, features } = optionsOf(state)
  const point = Math.min(layer, state.a.answer?.layers ?? layer)
  const texts: Readonly<Record<keyof AttributionOptions, () => string>> = {
    baseline: () => `${t('attribution.baseline')}: ${t(`attribution.baselines.${baseline}`)}`,
    layer: () =>
      `${t('attribution.point')}: ${point === 0 ? t('attribution.atEmbeddings') : t('attribution.afterLayer', { layer: point })}`,
    unit: () => `${t('removal.unit')}: ${t(`removal.unitsTaken.${unit}`)}`,
    removal: () => `${t('removal.removal')}: ${t(`removal.removals.${removal}`)}`,
    noise: () => `${t('attribution.noise')}: ${Math.round(100 * noise)} %`,
    features: () =>
      `${t('attribution.features')}: ${features === 0 ? t('attribution.allFeatures') : t('attribution.someFeatures', { count: features })}`,
  }
  return Array.from(used, (option) => texts[option]())
}
