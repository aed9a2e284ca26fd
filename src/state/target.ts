// What is attributed: what the settings name within what the model answers, or its own answer.

import { type AttributionMethodId, isLive } from '#catalogue/attribution-methods'
import type { AttributionOptions } from '#catalogue/attribution-options'
import type { AttributionTarget } from '#methods/attribution'
import type { ModelInput } from '#protocol/prediction'
import type { Settings } from '#share/settings'
import type { AppState, SideAnswer, SideState } from './app-state.ts'
import { currentDifference, sameInput } from './layout/panes.ts'
import { indexOn } from './layout/token-ref.ts'

/** What a target may be. */
export interface TargetChoice {
  readonly index: number
  readonly label: string
}

/** The settings that name a target. */
export const TARGET_SETTINGS = ['target', 'foil', 'targetSpace', 'explains'] as const satisfies readonly (keyof Settings)[]

export type TargetSettings = Pick<Settings, (typeof TARGET_SETTINGS)[number]>

/** Where a language model is asked, and about what. */
interface Asked {
  /** The chosen token, in whose place or after which stands what is explained; null for the model's own question. */
  readonly itself: { readonly id: number; readonly label: string } | null
  readonly position: number
}

/**
 * A token of a model that reads on is explained from those before it, unless what comes after it is asked for; the first one has none
 * before it. A masked model is asked about the place itself.
 */
function askedAbout(settings: Pick<Settings, 'explains'>, { row, prediction, chosen }: SideAnswer, token: number | null): Asked | null {
  if (prediction.kind !== 'tokens') return null
  const own = token === null ? undefined : row.tokens[token]
  if (token === null || own === undefined) {
    const position = prediction.positions[0]?.position
    return position === undefined ? null : { itself: null, position }
  }
  if (prediction.asks === 'next' && settings.explains === 'itself') {
    return token === 0 ? null : { itself: { id: own.id, label: own.label }, position: token - 1 }
  }
  if (chosen?.position !== token) return null
  return { itself: null, position: token }
}

/** Classes, or the chosen token and the likeliest ones where the model is asked; empty for a model without an answer. */
export function targetChoices(settings: Pick<Settings, 'explains'>, answer: SideAnswer, token: number | null): readonly TargetChoice[] {
  const { prediction } = answer
  if (prediction.kind === 'classes' || prediction.kind === 'tags') return prediction.labels.map((label, index) => ({ index, label }))
  const asked = askedAbout(settings, answer, token)
  if (prediction.kind !== 'tokens' || asked === null) return []
  const candidates = candidatesAt(answer, asked.position).map(({ id, label }) => ({ index: id, label }))
  const { itself } = asked
  if (itself === null || candidates.some(({ index }) => index === itself.id)) return candidates
  return [{ index: itself.id, label: itself.label }, ...candidates]
}

/** The likeliest tokens where they are known. */
function candidatesAt({ prediction, chosen }: SideAnswer, position: number) {
  if (prediction.kind !== 'tokens') return []
  const at = chosen?.position === position ? chosen : prediction.positions.find((one) => one.position === position)
  return at?.candidates ?? []
}

/** The target of a side; null while there is nothing to ask about. @param token the chosen token of that side */
export function targetOf(settings: TargetSettings, answer: SideAnswer, token: number | null): AttributionTarget | null {
  const { prediction } = answer
  const space = hasShares(prediction) ? settings.targetSpace : 'score'
  const chosen = (best: number): Pick<AttributionTarget, 'index' | 'foil'> => {
    const index = settings.target ?? best
    return { index, foil: settings.foil === index ? null : settings.foil }
  }
  switch (prediction.kind) {
    case 'classes': {
      const best = prediction.logits.indexOf(Math.max(...prediction.logits))
      const { index, foil } = chosen(best)
      if (index >= prediction.labels.length) return { index: best, foil: null, position: null, space }
      return { index, foil: foil !== null && foil < prediction.labels.length ? foil : null, position: null, space }
    }
    case 'tokens': {
      const asked = askedAbout(settings, answer, token)
      const best = asked && (asked.itself?.id ?? candidatesAt(answer, asked.position)[0]?.id)
      return asked === null || best === null || best === undefined ? null : { ...chosen(best), position: asked.position, space }
    }
    case 'tags': {
      const first = answer.row.tokens.findIndex(({ source }) => source !== 'template')
      const position = Math.max(0, token ?? first)
      const width = prediction.labels.length
      const row = prediction.logits.subarray(position * width, (position + 1) * width)
      return { ...chosen(row.indexOf(Math.max(...row))), position, space }
    }
    case 'embedding':
      return null
  }
}

/** Whether scores mean shares: those of one class are no more than a number. */
export function hasShares(prediction: SideAnswer['prediction']): boolean {
  return prediction.kind === 'tokens' || (prediction.kind === 'classes' && prediction.activation !== 'none')
}

/** The target where gradients are asked for whatever the reader counts in: a vocabulary has only those of its scores. */
export function gradientSpace({ prediction }: SideAnswer, space: AttributionTarget['space']): AttributionTarget['space'] {
  return prediction.kind === 'tokens' ? 'score' : space
}

/** The same target in the reference: at the token that faces A's, or at the end where A is asked at its end. */
export function referenceTarget(state: AppState, reference: SideAnswer, target: AttributionTarget): AttributionTarget | null {
  const { position } = target
  const answer = state.a.answer
  if (position === null || answer === null) return target
  const last = answer.row.tokens.length - 1
  if (position === last && reference.prediction.kind === 'tokens') return { ...target, position: reference.row.tokens.length - 1 }
  const alignment = currentDifference(state)?.alignment
  const partner = alignment?.b[alignment.a.indexOf(position)] ?? -1
  return partner < 0 ? null : { ...target, position: partner }
}

/** What is asked about the answer on screen. */
export interface Subject {
  readonly input: ModelInput
  readonly target: AttributionTarget
}

/** The answer of the page's model to what a side asks now; null while that is on its way. */
export function settledAnswer(side: SideState | null): SideAnswer | null {
  return side?.answer && !side.answer.precomputed && sameInput(side.answer.input, side.input) ? side.answer : null
}

/** A's input and the target there; null while either is on its way. */
export function subjectOf({ settings, model, a }: AppState): Subject | null {
  const answer = model.status === 'ready' ? settledAnswer(a) : null
  const target = answer && targetOf(settings, answer, indexOn('a', settings.token))
  return answer === null || target === null ? null : { input: answer.input, target }
}

export function sameSubject(one: Subject, other: Subject): boolean {
  return sameInput(one.input, other.input) && JSON.stringify(one.target) === JSON.stringify(other.target)
}

/** The options that the settings ask for, with what the model has where nothing is chosen. */
export function optionsOf({ settings, model }: AppState): AttributionOptions {
  const usual = model.status === 'ready' && model.card.removals.includes('mask') ? 'mask' : 'delete'
  const { baseline, residualPoint, removal, unit, noise, features } = settings
  return { baseline, layer: residualPoint, removal: removal ?? usual, unit, noise: noise / 100, features }
}

/** Of one edit more than a glance is not asked for: input x gradient, or another method of one pass that the reader chose instead. */
export function methodOfDetail({ settings, model }: Pick<AppState, 'settings' | 'model'>): AttributionMethodId {
  if (model.status !== 'ready' || model.card.gradients !== 'yes') return 'leave-one-out'
  const live = settings.methods.filter(isLive)
  return live.includes('input-x-gradient') ? 'input-x-gradient' : (live[0] ?? 'input-x-gradient')
}

/** A share near 0 or 1 hardly moves, whatever an edit does: the score of the same answer tells. */
export const SPACE_OF_DETAIL: AttributionTarget['space'] = 'score'
