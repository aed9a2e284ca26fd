// A model's files found and handed to a worker, which starts them.

import type { WorkerCaller } from '#protocol/client'
import type { LoadProgress, LoadRequest, ModelApi, ModelCard, ModelSource } from '#protocol/model-api'
import type { ModelRef } from '#share/model-ref'
import type { AppState, ModelState } from '../app-state.ts'
import type { Actions, AppStore } from '../store.ts'
import type { FetchContext, ModelShelf } from './model-shelf.ts'

/** Where the page's own files lie. */
export interface ModelPlaces {
  /** Folder of the embedded models, ending in `/`. */
  readonly models: string
  readonly runtime: string
  /** Folder of the snapshots, ending in `/`. */
  readonly snapshots: string
}

/** Which of the two models: its place in the settings and in the state. */
export type ModelSlot = 'model' | 'modelB'

export interface StartOptions extends FetchContext {
  readonly gradients: LoadRequest['gradients'] | null
  /** Whether runs that were computed beforehand are shown until the model is there. */
  readonly takesSnapshot: boolean
}

export interface ModelStart {
  /** @throws EngineCallError */
  start(engine: WorkerCaller<ModelApi>, ref: ModelRef, options: StartOptions): Promise<ModelCard>
  /** What the reader should know of a model that has started. */
  started(ref: ModelRef, card: ModelCard): void
  /** Tells of what went wrong on the way and was mended. */
  told(progress: LoadProgress): void
}

/** The embedded model whose first runs were computed beforehand. */
const WITH_SNAPSHOT = 'minilm-sst2'

export function createModelStart(store: AppStore, actions: Actions, shelf: ModelShelf, places: ModelPlaces): ModelStart {
  /** At once for the page's own models: the engine must hear of `load` before it is asked for a run. */
  const sourceOf = (ref: ModelRef, { takesSnapshot, ...context }: StartOptions): ModelSource | Promise<ModelSource> => {
    if (ref.kind !== 'embedded') return shelf.fetch(ref, context)
    const snapshot = ref.id === WITH_SNAPSHOT && takesSnapshot ? `${places.snapshots}${ref.id}.bin` : null
    return { kind: 'folder', base: `${places.models}${ref.id}/`, snapshot }
  }
  return {
    start: async (engine, ref, options) => {
      const found = sourceOf(ref, options)
      const source = found instanceof Promise ? await found : found
      const { backend, weights } = store.getState().settings
      const { gradients, signal, onProgress } = options
      return engine.call(
        'load',
        { source, runtime: places.runtime, backend, weights, ...(gradients ? { gradients } : {}) },
        { signal, onProgress, lane: 'load' },
      )
    },
    started: (ref, card) => {
      shelf.opened(ref)
      if (card.kept === 'full') actions.notify('not-kept')
      const { reason } = card.backend
      if (reason === 'webgpu-failed' || reason === 'webgpu-disagrees') actions.notify('webgpu-fallback', { reason })
    },
    told: (progress) => {
      if (progress.kind === 'damaged-cache') actions.notify('damaged-cache', { path: progress.path })
      if (progress.kind === 'snapshot' && progress.verdict !== 'accepted' && progress.verdict !== 'missing')
        actions.notify('snapshot-refused', { reason: progress.verdict })
    },
  }
}

/** The slot's model, or what stands in its place before there is one. */
export function modelIn(state: AppState, slot: ModelSlot): ModelState {
  const ref = state.settings[slot] ?? state.settings.model
  return state[slot] ?? { ref, status: 'loading', progress: null, generation: 0, snapshot: 'pending' }
}
