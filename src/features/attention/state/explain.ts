// Keeps what a model makes of the sentence, and its attention, in step with the settings.

import type { ModelApi } from '#protocol/model-api'
import type { Engines } from '#state/query'
import type { AppStore } from '#state/store'
import type { AttentionApi } from '../api.ts'
import { followDetails } from './follow-details.ts'
import { followRuns } from './follow-runs.ts'

/** Starts; returns the function that stops, what is under way included. */
export function startExplaining(store: AppStore, engines: Engines<AttentionApi & ModelApi>): () => void {
  // In this order: a text's run goes before what is asked about it.
  const following = [...followRuns(store, engines), ...followDetails(store, engines, 'a'), ...followDetails(store, engines, 'reference')]
  return () => {
    for (const one of following) one.end()
  }
}
