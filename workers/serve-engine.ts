import { browserEnvironment } from '#engine/browser-environment'
import { createEngine } from '#engine/engine'
import { createSources } from '#engine/sources'
import { holdLifeLock, serve } from '#protocol/serve'

declare const self: DedicatedWorkerGlobalScope

serve(self, createEngine(createSources(browserEnvironment(self))))
holdLifeLock(self)
