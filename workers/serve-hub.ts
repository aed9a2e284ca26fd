// Fetches models from hubs. Started when the reader asks for one; the only part of the page whose policy lets it ask other hosts, and
// it is told of addresses and files alone.

import { cacheHubStore } from '#engine/hub/cache-hub-store'
import { createHub } from '#engine/hub/hub'
import type { HubApi } from '#protocol/hub-api'
import { holdLifeLock, serve } from '#protocol/serve'

declare const self: DedicatedWorkerGlobalScope

serve<HubApi>(self, createHub({ fetch: self.fetch.bind(self), store: cacheHubStore(self.caches) }))
holdLifeLock(self)
