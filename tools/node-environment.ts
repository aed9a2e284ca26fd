// What the engine finds around it in Node: no graphics, one thread, nothing that is kept.

import type { BackendEnvironment } from '#engine/runtime/backend'
import { loadRuntime } from '#engine/runtime/session'

export const NODE_ENVIRONMENT: BackendEnvironment = {
  adapter: async () => 'no-webgpu',
  threads: 1,
  isolated: false,
  memory: null,
  assets: null,
  notes: { read: async () => null, write: async () => {} },
  loadRuntime,
}
