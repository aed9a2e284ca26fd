// The life of the model: load it, follow its progress, stop it, try again, start it anew when the worker dies or another
// backend is wanted.

import { EngineCallError, type EngineClient } from '#protocol/client'
import type { LoadProgress } from '#protocol/engine-api'
import type { ModelState } from './app-state.ts'
import type { Actions, AppStore } from './store.ts'

/** Where the page's own files lie. */
export interface ModelPlaces {
  readonly base: string
  readonly runtime: string
  readonly snapshot: string
}

type ModelStatus = ModelState extends infer State ? (State extends unknown ? Omit<State, 'generation' | 'snapshot'> : never) : never

export interface ModelLoader {
  load(): Promise<void>
  cancel(): void
  /** The worker died: loads the model again and tells the reader; fails with `engine-lost` when it dies too often. */
  recover(): void
  /** Ends the worker and loads the model on the backend that the settings name. */
  reload(): void
}

/**
 * A worker that dies again and again (no memory for this text, its file gone from the server) is not started for ever:
 * after this many deaths in this time the reader decides.
 */
const MAX_DEATHS = 3
const DEATHS_WITHIN_MS = 120_000

export function createModelLoader(store: AppStore, actions: Actions, client: () => EngineClient, places: ModelPlaces): ModelLoader {
  let stop = new AbortController()
  let deaths: readonly number[] = []

  const setStatus = (status: ModelStatus): void =>
    store.setState(({ model: { generation, snapshot } }) => ({ model: { generation, snapshot, ...status } }))
  const onProgress = (progress: LoadProgress): void => {
    if (progress.kind === 'snapshot') {
      store.setState(({ model }) => ({ model: { ...model, snapshot: progress.verdict } }))
      if (progress.verdict !== 'accepted' && progress.verdict !== 'missing')
        actions.notify('snapshot-refused', { reason: progress.verdict })
    } else {
      if (progress.kind === 'damaged-cache') actions.notify('damaged-cache', { path: progress.path })
      setStatus({ status: 'loading', progress })
    }
  }
  const load = async (): Promise<void> => {
    const mine = new AbortController()
    stop = mine
    setStatus({ status: 'loading', progress: null })
    const { settings } = store.getState()
    try {
      const card = await client().call('load', { ...places, backend: settings.backend }, { signal: mine.signal, onProgress, lane: 'load' })
      store.setState(({ model }) => ({ model: { status: 'ready', card, generation: model.generation + 1, snapshot: model.snapshot } }))
      if (card.backend.reason === 'webgpu-failed' || card.backend.reason === 'webgpu-disagrees') {
        actions.notify('webgpu-fallback', { reason: card.backend.reason })
      }
    } catch (error) {
      if (!(error instanceof EngineCallError)) throw error
      // A newer load cancels this one, and tells how it stands itself.
      if (stop !== mine) return
      if (error.kind === 'cancelled') setStatus({ status: 'cancelled' })
      else if (error.kind !== 'engine-lost' && error.kind !== 'engine-replaced') {
        setStatus({ status: 'failed', error: { kind: error.kind, message: error.message, data: error.data } })
      }
    }
  }

  return {
    load,
    cancel: () => {
      stop.abort()
      // Starting a session cannot be stopped: only a new worker gives its memory back.
      const { model } = store.getState()
      if (model.status === 'loading' && model.progress?.kind === 'stage') client().restart('engine-replaced')
    },
    recover: () => {
      const now = Date.now()
      deaths = [...deaths.filter((death) => now - death < DEATHS_WITHIN_MS), now]
      if (deaths.length > MAX_DEATHS) {
        return setStatus({ status: 'failed', error: { kind: 'engine-lost', message: 'The engine stopped again and again.', data: {} } })
      }
      actions.notify('engine-restarted')
      void load()
    },
    reload: () => {
      deaths = []
      client().restart('engine-replaced')
      void load()
    },
  }
}
