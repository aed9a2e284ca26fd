// What A is compared with, and which attention is asked for: pure readings of the settings.

import { ATTENTION_CHARTS } from '#catalogue/charts'
import type { AttentionChoice } from '#methods/attention/attention'
import type { ModelInput } from '#protocol/prediction'
import type { Settings } from '#share/settings'
import type { AppState, History } from './app-state.ts'
import { entryBefore } from './history.ts'

export type ReferenceKind = 'model' | 'b' | 'unedited' | 'before'

export interface Reference {
  readonly kind: ReferenceKind
  readonly input: ModelInput
}

export function inputA(settings: Settings): ModelInput {
  return inputOf(settings, settings.textA, settings.editsA)
}

function inputOf({ chat }: Settings, text: string, edits: ModelInput['edits']): ModelInput {
  return chat === 'on' ? { text, edits, chat: true } : { text, edits }
}

/** Every input that A can be compared with now, the most natural one first. */
export function referencesOf(settings: Settings, history: History): readonly Reference[] {
  const before = entryBefore(history, settings)
  const input = (text: string, edits: ModelInput['edits']): ModelInput => inputOf(settings, text, edits)
  return [
    ...(settings.modelB === null ? [] : [{ kind: 'model' as const, input: inputA(settings) }]),
    ...(settings.textB === null ? [] : [{ kind: 'b' as const, input: input(settings.textB, settings.editsB) }]),
    ...(settings.editsA.length === 0 ? [] : [{ kind: 'unedited' as const, input: input(settings.textA, []) }]),
    ...(before === null ? [] : [{ kind: 'before' as const, input: input(before.textA, before.editsA) }]),
  ]
}

/** The comparison that the settings ask for, or the most natural one that there is; null for none. */
export function referenceOf(settings: Settings, history: History): Reference | null {
  if (settings.against === 'none') return null
  const all = referencesOf(settings, history)
  const natural = all.find(({ kind, input }) => kind !== 'before' || isRevision(input.text, settings.textA))
  return all.find(({ kind }) => kind === settings.against) ?? natural ?? null
}

/** Whether one text looks like a change of the other, and not like another text: half of the shorter one stands at the ends of both. */
function isRevision(before: string, now: string): boolean {
  const shorter = Math.min(before.length, now.length)
  let start = 0
  while (start < shorter && before[start] === now[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end++
  return 2 * (start + end) >= shorter
}

/** The pane that can be shown: without a comparison there is only A. */
export function paneOf(settings: Pick<Settings, 'pane' | 'modelB' | 'against'>, hasReference: boolean): Settings['pane'] {
  if (!hasReference) return 'a'
  return settings.pane === 'difference' && comparesModels(settings) ? 'all' : settings.pane
}

/** Whether A is compared with what a second model makes of it: heads and tokens are then no pairs, so there is no difference. */
export function comparesModels({ modelB, against }: Pick<Settings, 'modelB' | 'against'>): boolean {
  return modelB !== null && (against === 'auto' || against === 'model')
}

/**
 * The attention on screen. Lines can show several heads at once; a heatmap shows one matrix, so several heads are
 * averaged there unless their maximum is asked for. No heads: the reader has chosen none, or none that there is.
 */
export function choiceOf(settings: Settings, layers: number, heads: number): AttentionChoice {
  const known = settings.heads.filter((ref) => ref.layer < layers && ref.head < heads)
  if (known.length < 2) return { heads: known, reduce: 'each' }
  const { lines } = ATTENTION_CHARTS[settings.chart]
  return { heads: known, reduce: settings.reduce === 'each' && !lines ? 'mean' : settings.reduce }
}

/** Before the first answer nobody knows how many layers and heads there are: every chosen head passes. */
const UNKNOWN = Number.POSITIVE_INFINITY

/** Which model reads the reference. */
export function comparedModel({ settings, history }: AppState): 'model' | 'modelB' {
  return referenceOf(settings, history)?.kind === 'model' ? 'modelB' : 'model'
}

/** What the reference reads; null where A is compared with nothing. A second model has A's edits only where its tokens are A's. */
export function comparedInput({ settings, history, model, modelB }: AppState): ModelInput | null {
  const compared = referenceOf(settings, history)
  if (compared === null) return null
  const { kind, input } = compared
  if (kind !== 'model' || input.edits.length === 0) return input
  const same = model.status === 'ready' && modelB?.status === 'ready' && model.card.tokenizerKey === modelB.card.tokenizerKey
  return same ? input : { ...input, edits: [] }
}

/** The choice that the reader made, within the model that answers on a side; no heads where none was made. */
export function chosenBy(state: AppState, side: 'a' | 'reference' = 'a'): AttentionChoice {
  const answer = state[side]?.answer ?? null
  return choiceOf(state.settings, answer?.layers ?? UNKNOWN, answer?.heads ?? UNKNOWN)
}
