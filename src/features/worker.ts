// The worker's registry: all that an engine can be asked, a row for each capability. `page.ts` is the page's.
// Requests name inputs, not handles of earlier answers: the engine caches runs by input and computes a missing one again, so a restarted
// worker or an evicted run needs no special case in the page.

import { createEngineServices } from '#engine/engine-services'
import { laterFeature } from '#engine/later-feature'
import type { EngineSources } from '#engine/model/model-slot'
import { modelHandlers } from '#engine/model-handlers'
import type { ModelApi } from '#protocol/model-api'
import type { Handlers } from '#protocol/serve'
import type { AttentionApi } from './attention/api.ts'
import { attentionHandlers } from './attention/worker/attention.ts'
import type { AttributionApi } from './attribution/api.ts'
import { attributionHandlers } from './attribution/worker/attribution.ts'
import type { CompareApi } from './compare/api.ts'
import { compareHandlers } from './compare/worker/compare.ts'
import type { GenerateApi } from './generate/api.ts'
import type { HeadlineApi } from './headline/api.ts'
import { headlineHandlers } from './headline/worker/headline.ts'
import type { InsideApi } from './inside/api.ts'
import type { InterventionsApi } from './interventions/api.ts'
import type { WhatIfApi } from './what-if/api.ts'

const generateHandlers = laterFeature<GenerateApi>(
  { generate: true, typed: true },
  async () => (await import('./generate/worker/generate.ts')).generateHandlers,
)
const insideHandlers = laterFeature<InsideApi>(
  { logitLens: true, jacobianLens: true, logitAttribution: true, headRoles: true, copying: true, inferencePath: true, headDetail: true },
  async () => (await import('./inside/worker/inside.ts')).insideHandlers,
)
const interventionHandlers = laterFeature<InterventionsApi>(
  { gates: true, sweep: true, patching: true },
  async () => (await import('./interventions/worker/interventions.ts')).interventionHandlers,
)
const whatIfHandlers = laterFeature<WhatIfApi>(
  { whatIf: true, counterfactuals: true, interactions: true },
  async () => (await import('./what-if/worker/what-if.ts')).whatIfHandlers,
)

export interface EngineApi
  extends ModelApi,
    AttentionApi,
    AttributionApi,
    CompareApi,
    GenerateApi,
    HeadlineApi,
    InsideApi,
    InterventionsApi,
    WhatIfApi {}

/** An engine without a model; calls that need one wait for `load`, or fail with `no-model` when none is on its way. */
export function createEngine(sources: EngineSources): Handlers<EngineApi> {
  const engine = createEngineServices(sources)
  return {
    ...modelHandlers(engine),
    ...attentionHandlers(engine),
    ...attributionHandlers(engine),
    ...compareHandlers(engine),
    ...generateHandlers(engine),
    ...headlineHandlers(engine),
    ...insideHandlers(engine),
    ...interventionHandlers(engine),
    ...whatIfHandlers(engine),
  }
}
