import { createEngine } from '#engine/engine'
import { createSources } from '#engine/model/sources'
import { browserEnvironment } from '#engine/runtime/browser-environment'
import { holdLifeLock, serve } from '#protocol/serve'

declare const self: DedicatedWorkerGlobalScope

serve(self, createEngine(createSources(browserEnvironment(self))))
holdLifeLock(self)
