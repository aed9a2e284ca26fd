// Keeps the headline in step with the answer on screen, and tells the sentence how its tokens are tinted.

import type { WorkerCaller } from '#protocol/client'
import type { AppState, Asked } from '#state/app-state'
import { type Following, followQuery } from '#state/query'
import { type Slot, slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { type Subject, sameSubject, subjectOf } from '#state/target'
import type { TokenTint } from '#state/token-tint'
import type { Headline, HeadlineApi, HeadlineRequest } from '../api.ts'

/** Typing goes first: a word's letters come faster than this. */
const PAUSE_MS = 150

export const HEADLINE: Slot<Headline, Subject> = slot('headline')

export function startHeadline(store: AppStore, engine: WorkerCaller<HeadlineApi>): Following {
  return followQuery(store, {
    slot: HEADLINE,
    ask: (state): HeadlineRequest | 'unknown' | null => {
      if (state.model.status !== 'ready') return null
      return subjectOf(state) ?? 'unknown'
    },
    pauseMs: PAUSE_MS,
    keepFailed: () => null,
    call: (request, { signal, part }) => engine.call('headline', request, { signal, onProgress: (answer) => part(() => answer) }),
  })
}

/** Of what stands on the page now; null while that is asked about. */
export function currentHeadline(state: AppState): Asked<Headline, Subject> | null {
  const asked = HEADLINE.of(state)
  const subject = subjectOf(state)
  return asked !== null && subject !== null && sameSubject(asked.question, subject) ? asked : null
}

const tints = new WeakMap<Headline, TokenTint>()

/** What each token of A contributes, signed; the same object for the same headline. */
export function headlineTint(state: AppState): TokenTint | null {
  const headline = currentHeadline(state)?.answer ?? null
  if (headline === null) return null
  const known = tints.get(headline)
  if (known) return known
  const values = new Map<number, number>()
  headline.units.forEach((unit, at) => {
    for (const token of unit) values.set(token, headline.drops[at] ?? Number.NaN)
  })
  const tint: TokenTint = { signed: true, values, groups: headline.units }
  tints.set(headline, tint)
  return tint
}
