// What is attributed: what the settings name within what the model answers, or its own answer.

import { spaceOfGradients, type TargetChoice, type TargetQuestion } from '#answers/answer-kind'
import { kindOf, usualFoil } from '#answers/answer-kinds'
import type { AttributionOptions } from '#catalogue/attribution-options'
import type { AttributionTarget } from '#methods/attribution'
import type { ModelInput } from '#protocol/prediction'
import type { Settings } from '#share/settings'
import type { AppState, SideAnswer, SideState } from './app-state.ts'
import { currentDifference, sameInput } from './layout/panes.ts'
import { indexOn } from './layout/token-ref.ts'
import { inputA, paneOf, referenceOf } from './reference.ts'

/** The settings that name a target. */
export const TARGET_SETTINGS = ['target', 'foil', 'targetSpace', 'explains'] as const satisfies readonly (keyof Settings)[]

export type TargetSettings = Pick<Settings, (typeof TARGET_SETTINGS)[number]>

function questionOf({ explains }: Pick<Settings, 'explains'>, answer: SideAnswer, token: number | null): TargetQuestion | null {
  return kindOf(answer.prediction).question(answer, { token, explains })
}

/** Classes, or the chosen token and the likeliest ones where the model is asked; empty for a model without an answer. */
export function targetChoices(settings: Pick<Settings, 'explains'>, answer: SideAnswer, token: number | null): readonly TargetChoice[] {
  return questionOf(settings, answer, token)?.choices ?? []
}

/** The name of a class or token among the answer's choices, or among its reference's where only that one was likely to say it; null elsewhere. */
export function targetLabel(choices: readonly TargetChoice[], reference: SideAnswer | null, index: number): string | null {
  const named = (all: readonly TargetChoice[]): string | null => all.find((choice) => choice.index === index)?.label ?? null
  return named(choices) ?? (reference === null ? null : named(targetChoices({ explains: 'after' }, reference, null)))
}

/** What the model answers there, where the reader chose another target than that; null otherwise. */
export function answerBesideTarget(settings: TargetSettings, answer: SideAnswer, token: number | null): number | null {
  const best = questionOf(settings, answer, token)?.best ?? null
  return best === null || targetOf(settings, answer, token)?.index === best ? null : best
}

/** The target of a side; null while there is nothing to ask about. @param token the chosen token of that side */
export function targetOf(settings: TargetSettings, answer: SideAnswer, token: number | null): AttributionTarget | null {
  const question = questionOf(settings, answer, token)
  if (question === null) return null
  const { best, position, choices, isClosed } = question
  const space = kindOf(answer.prediction).hasShares(answer.prediction) ? settings.targetSpace : 'score'
  // A link of another model may name what this one has not.
  const isKnown = (index: number): boolean => !isClosed || choices.some((choice) => choice.index === index)
  const index = settings.target ?? best
  if (!isKnown(index)) return { index: best, foil: null, position, space }
  // A contrast with itself stands for none.
  const foil = settings.foil ?? usualFoil(answer.prediction, { index, position })
  return { index, foil: foil !== null && foil !== index && isKnown(foil) ? foil : null, position, space }
}

/** What the setting says where the reader wants no contrast. */
export function noFoil({ prediction }: SideAnswer, index: number): number | null {
  return kindOf(prediction).overVocabulary ? index : null
}

/** The target's number in which gradients are asked for, whatever the reader counts in. */
export function gradientSpace({ prediction }: SideAnswer, space: AttributionTarget['space']): AttributionTarget['space'] {
  return spaceOfGradients(kindOf(prediction), space)
}

/** The same target in the reference: at the token that faces A's, or at the end where A is asked at its end. */
export function referenceTarget(state: AppState, reference: SideAnswer, target: AttributionTarget): AttributionTarget | null {
  const { position } = target
  const answer = state.a.answer
  if (position === null || answer === null) return target
  const last = answer.row.tokens.length - 1
  if (position === last && kindOf(reference.prediction).overVocabulary) return { ...target, position: reference.row.tokens.length - 1 }
  const alignment = currentDifference(state)?.alignment
  const partner = alignment?.b[alignment.a.indexOf(position)] ?? -1
  return partner < 0 ? null : { ...target, position: partner }
}

/** B's input and the target there, where B's rows are chosen instead of A's; null otherwise. */
export function subjectOfB(state: AppState): Subject | null {
  const { settings, history, reference } = state
  if (paneOf(settings, reference !== null) !== 'b' || referenceOf(settings, history)?.kind !== 'b') return null
  const [subject, other] = [subjectOf(state), settledAnswer(reference)]
  const target = subject && other && referenceTarget(state, other, subject.target)
  return other && target && { input: other.input, target }
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

/** The subject of the newest state, and what it was made of: every method asks for it whenever anything of the state changes. */
const newest: { of: Pick<AppState, 'settings' | 'model' | 'a'> | null; subject: Subject | null } = { of: null, subject: null }

/** A's input and the target there, the same object as long as these do not change; null while either is on its way. */
export function subjectOf({ settings, model, a }: AppState): Subject | null {
  if (newest.of?.settings === settings && newest.of.model === model && newest.of.a === a) return newest.subject
  // What is typed is a setting first, and a side's input when that is asked about.
  const answer = model.status === 'ready' && sameInput(a.input, inputA(settings)) ? settledAnswer(a) : null
  const target = answer && targetOf(settings, answer, indexOn('a', settings.token))
  newest.of = { settings, model, a }
  newest.subject = answer === null || target === null ? null : { input: answer.input, target }
  return newest.subject
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
