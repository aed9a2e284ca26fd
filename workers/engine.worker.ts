import { browserEnvironment } from '#engine/browser-environment'
import { createEngine } from '#engine/engine'
import { createSources } from '#engine/sources'
import { serve } from '#protocol/serve'

declare const self: DedicatedWorkerGlobalScope

serve(self, createEngine(createSources(browserEnvironment(self))))
void self.navigator.locks?.request(self.name, () => {
  self.postMessage({ kind: 'alive' })
  return new Promise<never>(() => {})
})
