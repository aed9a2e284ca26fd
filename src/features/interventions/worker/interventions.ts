// Interventions on what the model computes.

import type { Feature } from '#engine/engine-services'
import { turnsOf } from '#engine/passes/target-view'
import type { InterventionsApi, PatchMap } from '../api.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { openTexts } from './opened-texts.ts'
import { runGates } from './run-gates.ts'
import { runPatching } from './run-patching.ts'
import { type KnownLayers, runSweep } from './run-sweep.ts'

/** Questions whose answers are kept, so that a choice that is taken back is answered at once. */
const KEPT = 12

export const interventionHandlers: Feature<InterventionsApi> = (engine) => {
  const background = turnsOf(engine.schedule, 'background')
  const live = turnsOf(engine.schedule, 'live')
  const sweeps = createKeptAnswers<KnownLayers>(KEPT)
  const maps = createKeptAnswers<PatchMap>(KEPT)
  return {
    gates: async (request, { signal }) => runGates(await openTexts(engine, request, signal, live), request),
    sweep: async ({ kinds, ...question }, { signal, progress }) => {
      const texts = await openTexts(engine, question, signal, background)
      const known = sweeps.of(texts.model).get(question) ?? new Map()
      sweeps.of(texts.model).put(question, known)
      return runSweep(texts, kinds, known, progress)
    },
    patching: async (request, { signal, progress }) => {
      const kept = maps.of(await engine.readyModel())
      const known = kept.get(request)
      if (known !== null) return known
      const found = await runPatching(await openTexts(engine, request, signal, background), request, progress)
      kept.put(request, found)
      return found
    },
  }
}
