// What is asked of interventions for the text, the target and the choices on screen: while somebody looks.

import { kindOf } from '#answers/answer-kinds'
import { ABLATION_KINDS, type AblationKind } from '#catalogue/interventions'
import type { AttributionTarget } from '#methods/attribution'
import type { WorkerCaller } from '#protocol/client'
import type { ModelInput } from '#protocol/prediction'
import type { AppState, Asked } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { followQuery } from '#state/query'
import { comparedInput, comparedModel } from '#state/reference'
import { service } from '#state/services'
import { type Slot, slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { settledAnswer, subjectOf } from '#state/target'
import {
  type Gated,
  type GatesRequest,
  type InterventionsApi,
  type PatchedLayer,
  type PatchingRequest,
  type PatchMap,
  type Sweep,
  type SweepRequest,
  withSweptLayer,
} from '../api.ts'

/** What a question is about. */
export interface OfTexts {
  readonly input: ModelInput
  readonly reference: ModelInput | null
  readonly target: AttributionTarget
}

const GATED = slot<Gated, OfTexts>('gates')
const SWEEP = slot<Sweep, OfTexts>('ablation-sweep')
const PATCHED = slot<PatchMap, OfTexts>('patching')

export interface Interventions {
  stop(): void
  again(): void
}

export const INTERVENTIONS = service<Interventions>('interventions')

/** Passes wait for a pause in typing. */
const PAUSE_MS = 250

export function startInterventions(store: AppStore, engine: WorkerCaller<InterventionsApi>): Interventions {
  const gated = followQuery(store, {
    slot: GATED,
    ask: (state): GatesRequest | 'unknown' | null =>
      asking(state, 'ablate', (texts) => ({ ...texts, kind: kindIn(state), gates: state.settings.gates })),
    keep: (before, question, last) => (last !== null && sameTexts(last, question) ? before : null),
    call: (request, { signal }) => engine.call('gates', request, { signal }),
  })
  const sweep = followQuery(store, {
    slot: SWEEP,
    pauseMs: PAUSE_MS,
    ask: (state): SweepRequest | 'unknown' | null =>
      asking(state, 'ablate', (texts) => {
        const kind = kindIn(state)
        return { ...texts, kinds: [kind, ...kindsIn(state).filter((other) => other !== kind)] }
      }),
    keep: (before, question, last) => (last !== null && sameTexts(last, question) ? before : null),
    call: (request, { signal, part }) =>
      engine.call('sweep', request, { signal, onProgress: (layer) => part((before) => withSweptLayer(before, layer)) }),
  })
  const patched = followQuery(store, {
    slot: PATCHED,
    pauseMs: PAUSE_MS,
    ask: (state): PatchingRequest | 'unknown' | null =>
      asking(state, 'patch', (texts) => {
        const { patchMap: map, patchDirection: direction } = state.settings
        return texts.reference === null ? null : { ...texts, map, direction }
      }),
    call: (request, { signal, part }) =>
      engine.call('patching', request, { signal, onProgress: (layer) => part((before) => withPatched(before, layer)) }),
  })
  const all = [gated, sweep, patched]
  return {
    stop: () => {
      for (const one of all) one.stop()
    },
    again: () => {
      for (const one of all) one.again()
    },
  }
}

/** null where nobody looks at a view, or the model cannot be changed. */
function asking<Question>(
  state: AppState,
  view: AppState['settings']['interveneView'],
  make: (texts: OfTexts) => Question,
): Question | 'unknown' | null {
  if (state.settings.tab !== 'intervene' || state.settings.interveneView !== view) return null
  if (state.model.status !== 'ready') return 'unknown'
  if (!state.model.card.found.activations) return null
  const texts = textsIn(state)
  return texts === null ? 'unknown' : make(texts)
}

/**
 * A, what it is compared with where the same model reads both, and the number that is measured in both: in logits, of a vocabulary less that
 * of what the other text is answered with, unless the reader named a contrast. null while they are on their way.
 */
export function textsIn(state: AppState): OfTexts | null {
  const subject = subjectOf(state)
  if (subject === null) return null
  const reference = otherInput(state)
  const other = settledAnswer(state.reference)
  if (reference !== null && other === null && state.reference?.status === 'running') return null
  const { index, foil, position } = subject.target
  const rival = reference === null || other === null ? null : rivalIn(other, position)
  const contrast = state.settings.foil === null && rival !== null && rival !== index ? rival : foil
  return { input: subject.input, reference, target: { index, foil: contrast, position, space: 'score' } }
}

/** What A is compared with, where the same model reads it. */
function otherInput(state: AppState): ModelInput | null {
  return comparedModel(state) === 'model' ? comparedInput(state) : null
}

/** What the other text is answered with, of a vocabulary. */
function rivalIn({ prediction }: NonNullable<ReturnType<typeof settledAnswer>>, position: number | null): number | null {
  const kind = kindOf(prediction)
  return kind.overVocabulary ? (kind.best(prediction, position)?.index ?? null) : null
}

/** Tokens of A and of what it is compared with; null where there is none, or it is on its way. */
export function lengthsIn(state: AppState): { readonly a: number; readonly b: number } | null {
  const [a, b] = [settledAnswer(state.a), otherInput(state) === null ? null : settledAnswer(state.reference)]
  return a === null || b === null ? null : { a: a.row.tokens.length, b: b.row.tokens.length }
}

/** Kinds of ablation that the texts allow. */
export function kindsIn(state: AppState): readonly AblationKind[] {
  const lengths = lengthsIn(state)
  return ABLATION_KINDS.filter((kind) => kind !== 'resample' || (lengths !== null && lengths.a === lengths.b))
}

/** The chosen kind, or zero where the texts do not allow it. */
export function kindIn(state: AppState): AblationKind {
  const { ablation } = state.settings
  return kindsIn(state).includes(ablation) ? ablation : 'zero'
}

function sameTexts(one: OfTexts, other: OfTexts): boolean {
  const parts = ({ input, reference, target }: OfTexts) => JSON.stringify([input, reference, target])
  return parts(one) === parts(other)
}

function withPatched(before: PatchMap | null, layer: PatchedLayer): PatchMap {
  const { layer: _, numbers: __, shares: ___, ...frame } = layer
  return { ...frame, layers: [...(before?.layers.filter((one) => one.layer !== layer.layer) ?? []), layer] }
}

/** Whether the model can be changed, or a link asked for it. */
export function isIntervenable({ settings, model }: AppState): boolean {
  return settings.tab === 'intervene' || (model.status === 'ready' && model.card.found.activations)
}

export const gatedOf = shownOf(GATED)
export const sweepOf = shownOf(SWEEP)
export const patchedOf = shownOf(PATCHED)

/** What is known of the text on screen; null where that is another one by now. */
function shownOf<Answer>(place: Slot<Answer, OfTexts>): (state: AppState) => Asked<Answer, OfTexts> | null {
  return (state) => {
    const asked = place.of(state)
    const answer = settledAnswer(state.a)
    return asked !== null && answer !== null && sameInput(asked.question.input, answer.input) ? asked : null
  }
}
