// The engine's model, started as its worker starts it, on WASM with one thread.

import { type LoadedModel, type ModelFiles, startModel } from '#engine/model/model'
import { loadRuntime } from '#engine/runtime/session'
import { RUNTIME } from './places.ts'

export function openEngine(files: ModelFiles, weights: 'auto' | 'packed' | 'float32'): Promise<LoadedModel> {
  const environment = {
    adapter: async () => 'no-webgpu' as const,
    threads: 1,
    isolated: crossOriginIsolated,
    memory: null,
    assets: RUNTIME,
    notes: { read: async () => null, write: async () => {} },
    loadRuntime,
  }
  return startModel(files, { backend: 'wasm', weights }, environment, () => {})
}
