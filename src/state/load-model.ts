// The life of the model: load it, follow its progress, stop it, try again, start it anew when the worker dies or another
// backend is wanted.

import { EngineCallError, type EngineClient } from '#protocol/client'
import type { LoadProgress } from '#protocol/engine-api'
import type { AppState } from './app-state.ts'
import type { Actions, AppStore } from './store.ts'

/** Where the page's own files lie. */
export interface ModelPlaces {
  readonly base: string
  readonly runtime: string
  readonly snapshot: string
}

export interface ModelLoader {
  load(): Promise<void>
  cancel(): void
  /** The worker died: loads the model again and tells the reader. */
  recover(): void
  /** Ends the worker and loads the model on the backend that the settings name. */
  reload(): void
}

export function createModelLoader(store: AppStore, actions: Actions, client: () => EngineClient, places: ModelPlaces): ModelLoader {
  let stop = new AbortController()

  const setModel = (change: Partial<AppState['model']>): void =>
    store.setState(({ model }) => ({ model: { ...model, ...change } as AppState['model'] }))
  const onProgress = (progress: LoadProgress): void => {
    if (progress.kind === 'snapshot') {
      setModel({ snapshot: progress.verdict })
      if (progress.verdict !== 'accepted' && progress.verdict !== 'missing') actions.notify('snapshot-refused', { reason: progress.verdict })
    } else {
      if (progress.kind === 'damaged-cache') actions.notify('damaged-cache', { path: progress.path })
      setModel({ status: 'loading', progress })
    }
  }
  const load = async (): Promise<void> => {
    stop = new AbortController()
    setModel({ status: 'loading', progress: null })
    const { settings } = store.getState()
    try {
      const card = await client().call('load', { ...places, backend: settings.backend }, { signal: stop.signal, onProgress, lane: 'load' })
      store.setState(({ model }) => ({ model: { status: 'ready', card, generation: model.generation + 1, snapshot: model.snapshot } }))
      if (card.backend.reason === 'webgpu-failed' || card.backend.reason === 'webgpu-disagrees') {
        actions.notify('webgpu-fallback', { reason: card.backend.reason })
      }
    } catch (error) {
      if (!(error instanceof EngineCallError)) throw error
      if (error.kind === 'cancelled') setModel({ status: 'cancelled' })
      else if (error.kind !== 'engine-lost' && error.kind !== 'engine-replaced') {
        setModel({ status: 'failed', error: { kind: error.kind, message: error.message, data: error.data } })
      }
    }
  }

  return {
    load,
    cancel: () => stop.abort(),
    recover: () => {
      actions.notify('engine-restarted')
      void load()
    },
    reload: () => {
      client().restart('engine-replaced')
      void load()
    },
  }
}
