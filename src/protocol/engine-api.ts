// All calls of the engine. Requests name inputs, not handles of earlier answers: the engine caches runs by input and computes a
// missing one again, so a restarted worker or an evicted run needs no special case in the page.

import type { AttentionApi } from '#features/attention/api.ts'
import type { AttributionApi } from '#features/attribution/api.ts'
import type { CompareApi } from '#features/compare/api.ts'
import type { WhatIfApi } from '#features/what-if/api.ts'
import type { ModelApi } from './model-api.ts'

export interface EngineApi extends ModelApi, AttentionApi, AttributionApi, WhatIfApi, CompareApi {}
