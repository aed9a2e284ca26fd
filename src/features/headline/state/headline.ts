// Keeps the headline in step with the answer on screen, and tells the sentence how its tokens are tinted.

import { kindOf } from '#answers/answer-kinds'
import type { WorkerCaller } from '#protocol/client'
import type { ModelInput } from '#protocol/prediction'
import type { AppState, Asked } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { followQuery } from '#state/query'
import { type Slot, slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { type Subject, sameSubject, settledAnswer, subjectOf, subjectOfB } from '#state/target'
import type { TokenTint } from '#state/token-tint'
import type { Headline, HeadlineApi, Surprise } from '../api.ts'

/** Typing goes first: a word's letters come faster than this. */
const PAUSE_MS = 150

const HEADLINE: Slot<Headline, Subject> = slot('headline')

const SURPRISE: Slot<Surprise, { readonly input: ModelInput }> = slot('surprise')

export function startHeadline(store: AppStore, engine: WorkerCaller<HeadlineApi>): void {
  followQuery(store, {
    slot: SURPRISE,
    ask: (state) => {
      if (state.settings.tint !== 'surprise' || state.model.status !== 'ready') return null
      const answer = settledAnswer(state.a)
      if (answer === null) return 'unknown'
      return kindOf(answer.prediction).readsOn(answer.prediction) ? { input: answer.input } : null
    },
    pauseMs: PAUSE_MS,
    keepFailed: () => null,
    call: (request, { signal, part }) => engine.call('surprise', request, { signal, onProgress: (answer) => part(() => answer) }),
  })
  followQuery(store, {
    slot: HEADLINE,
    // While another text is on its way, nothing is left out of the one before: its answer is not wanted any more.
    ask: (state): Subject | null => (state.model.status === 'ready' ? headlinedOf(state) : null),
    keepFailed: () => null,
    call: async (subject, { signal, part }) => {
      const first = await engine.call('headline', { ...subject, extent: 'first' }, { signal })
      if (first.left === 0) return first
      part(() => first)
      // The first words come behind every letter; the others, and what they claim, wait for a pause.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      return engine.call('headline', { ...subject, extent: 'all' }, { signal, onProgress: (answer) => part(() => answer) })
    },
  })
}

/** What the headline is about: A, unless B is chosen. */
function headlinedOf(state: AppState): Subject | null {
  return subjectOfB(state) ?? subjectOf(state)
}

/** The side that the headline is about. */
export function headlineSide(state: AppState): 'a' | 'b' {
  return subjectOfB(state) === null ? 'a' : 'b'
}

/** Of what stands on the page now; null while that is asked about. */
export function currentHeadline(state: AppState): Asked<Headline, Subject> | null {
  const asked = HEADLINE.of(state)
  const subject = headlinedOf(state)
  return asked !== null && subject !== null && sameSubject(asked.question, subject) ? asked : null
}

/** In logits, where e to the power of 1 is what the odds change by, and in other numbers, whose size nobody knows beforehand. */
const LEAST_FULL = { logits: 1, others: 0.05 } as const

/** What a contribution must at least be for full colour: a text's small numbers look small, and colours do not fade as larger ones come. */
export function leastFullOf(state: AppState): number {
  const { prediction } = state.a.answer ?? {}
  const inLogits = prediction !== undefined && kindOf(prediction).hasShares(prediction) && state.settings.targetSpace !== 'probability'
  return inLogits ? LEAST_FULL.logits : LEAST_FULL.others
}

const tints = new WeakMap<Headline | Surprise, TokenTint>()

/** What each token of a side contributes, signed, where the headline is about that side; the same object for the same headline. */
export function headlineTint(state: AppState, side: 'a' | 'b'): TokenTint | null {
  const { prediction } = state.a.answer ?? {}
  if (state.settings.tint === 'surprise' && prediction && kindOf(prediction).readsOn(prediction)) {
    return side === 'a' ? surpriseTint(state) : null
  }
  if (headlineSide(state) !== side) return null
  const headline = currentHeadline(state)?.answer ?? null
  if (headline === null) return null
  const known = tints.get(headline)
  if (known) return known
  const values = new Map<number, number>()
  headline.units.forEach((unit, at) => {
    for (const token of unit) values.set(token, headline.drops[at] ?? Number.NaN)
  })
  const tint: TokenTint = { kind: 'contribution', values, groups: headline.units, leastFull: leastFullOf(state) }
  tints.set(headline, tint)
  return tint
}

function surpriseTint(state: AppState): TokenTint | null {
  const asked = SURPRISE.of(state)
  const answer = asked !== null && sameInput(asked.question.input, state.a.input) ? asked.answer : null
  if (answer === null) return null
  const tint = tints.get(answer) ?? { kind: 'bits', values: new Map(answer.bits.entries()), groups: [], leastFull: 1 }
  tints.set(answer, tint)
  return tint
}
