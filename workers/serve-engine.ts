import { createSources } from '#engine/model/sources'
import { browserEnvironment } from '#engine/runtime/browser-environment'
import { createEngine, type EngineApi } from '#features/worker.ts'
import { holdLifeLock, serve } from '#protocol/serve'

declare const self: DedicatedWorkerGlobalScope

serve<EngineApi>(self, createEngine(createSources(browserEnvironment(self))))
holdLifeLock(self)
