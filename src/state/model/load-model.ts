// The life of a model: find its files, load it, follow its progress, stop it, try again, start it anew when the worker dies, another
// backend is wanted or another model is chosen. The page has two: the one it is about, and one that is compared with it.

import { EngineCallError, type WorkerClient } from '#protocol/client'
import type { LoadProgress, ModelApi, ModelSource } from '#protocol/model-api'
import { type ModelRef, sameModel } from '#share/model-ref'
import type { AppState, ModelState } from '../app-state.ts'
import type { Actions, AppStore } from '../store.ts'
import type { ModelShelf } from './model-shelf.ts'

/** Where the page's own files lie. */
export interface ModelPlaces {
  /** Folder of the embedded models, ending in `/`. */
  readonly models: string
  readonly runtime: string
  /** Folder of the snapshots, ending in `/`. */
  readonly snapshots: string
}

type ModelStatus = ModelState extends infer State ? (State extends unknown ? Omit<State, 'ref' | 'generation' | 'snapshot'> : never) : never

export interface ModelLoader {
  /** Loads the model that the settings name; asks first where a link names one that the reader never opened. */
  load(): Promise<void>
  /** The reader agrees to what `load` asked. */
  agree(): Promise<void>
  cancel(): void
  /** The worker died: loads the model again and tells the reader; fails with `engine-lost` when it dies too often. */
  recover(): void
  /** Ends the worker, which gives its memory back, and loads what the settings name now. */
  reload(): void
  /** The same with gradients, which models are loaded without until somebody asks for them. */
  reloadWithGradients(): void
}

/** Which of the two models: its place in the settings and in the state. */
export type ModelSlot = 'model' | 'modelB'

/**
 * A worker that dies again and again (no memory for this text, its file gone from the server) is not started for ever:
 * after this many deaths in this time the reader decides.
 */
const MAX_DEATHS = 3
const DEATHS_WITHIN_MS = 120_000
/** The embedded model whose first runs were computed beforehand. */
const WITH_SNAPSHOT = 'minilm-sst2'

export function createModelLoader(
  slot: ModelSlot,
  store: AppStore,
  actions: Actions,
  client: () => WorkerClient<ModelApi>,
  shelf: ModelShelf,
  places: ModelPlaces,
): ModelLoader {
  let stop = new AbortController()
  /** The model for which the reader asked for gradients. */
  let withGradients: ModelRef | null = null
  let deaths: readonly number[] = []

  const setStatus = (status: ModelStatus): void =>
    store.setState((state): Partial<AppState> => {
      const { ref, generation, snapshot } = modelIn(state, slot)
      return { [slot]: { ref, generation, snapshot, ...status } }
    })
  const patch = (change: Partial<Pick<ModelState, 'ref' | 'snapshot'>>): void =>
    store.setState((state): Partial<AppState> => ({ [slot]: { ...modelIn(state, slot), ...change } }))

  const onProgress = (progress: LoadProgress): void => {
    if (progress.kind === 'snapshot') {
      patch({ snapshot: progress.verdict })
      if (progress.verdict !== 'accepted' && progress.verdict !== 'missing')
        actions.notify('snapshot-refused', { reason: progress.verdict })
    } else {
      if (progress.kind === 'damaged-cache') actions.notify('damaged-cache', { path: progress.path })
      setStatus({ status: 'loading', progress })
    }
  }
  /** At once for the page's own models: the engine must hear of `load` before it is asked for a run. */
  const sourceOf = (ref: ModelRef, signal: AbortSignal): ModelSource | Promise<ModelSource> => {
    if (ref.kind !== 'embedded') return shelf.fetch(ref, { signal, onProgress })
    const snapshot = ref.id === WITH_SNAPSHOT && slot === 'model' ? `${places.snapshots}${ref.id}.bin` : null
    return { kind: 'folder', base: `${places.models}${ref.id}/`, snapshot }
  }
  const begin = async (ref: ModelRef): Promise<void> => {
    stop.abort()
    const mine = new AbortController()
    stop = mine
    store.setState((state): Partial<AppState> => {
      const before = modelIn(state, slot)
      const snapshot = sameModel(before.ref, ref) ? before.snapshot : 'pending'
      return { [slot]: { ref, generation: before.generation, snapshot, status: 'loading', progress: null } }
    })
    try {
      const found = sourceOf(ref, mine.signal)
      const source = found instanceof Promise ? await found : found
      const { backend, weights, tab } = store.getState().settings
      const gradients = sameModel(withGradients, ref) ? 'yes' : tab === 'attribution' ? 'if-small' : null
      const card = await client().call(
        'load',
        { source, runtime: places.runtime, backend, weights, ...(gradients === null ? {} : { gradients }) },
        { signal: mine.signal, onProgress, lane: 'load' },
      )
      store.setState((state): Partial<AppState> => {
        const { generation, snapshot } = modelIn(state, slot)
        return { [slot]: { ref, status: 'ready', card, generation: generation + 1, snapshot } }
      })
      shelf.opened(ref)
      if (card.kept === 'full') actions.notify('not-kept')
      const { reason } = card.backend
      if (reason === 'webgpu-failed' || reason === 'webgpu-disagrees') actions.notify('webgpu-fallback', { reason })
    } catch (error) {
      if (!(error instanceof EngineCallError)) throw error
      // A newer load cancels this one, and tells how it stands itself.
      if (stop !== mine) return
      if (error.kind === 'cancelled') setStatus({ status: 'cancelled' })
      else if (error.kind !== 'engine-lost' && error.kind !== 'engine-replaced') {
        setStatus({ status: 'failed', error: error.toWire() })
      }
    }
  }
  const wanted = (): ModelRef | null => store.getState().settings[slot]
  const load = async (): Promise<void> => {
    const ref = wanted()
    if (ref === null) return
    const question = shelf.questionAbout(ref)
    if (question === null) return begin(ref)
    patch({ ref })
    setStatus({ status: 'asking', reason: question })
  }

  const reload = (): void => {
    deaths = []
    client().restart('engine-replaced')
    void load()
  }

  return {
    load,
    agree: async () => {
      const ref = wanted()
      if (ref !== null) await begin(ref)
    },
    cancel: () => {
      stop.abort()
      // Starting a session cannot be stopped: only a new worker gives its memory back.
      const model = store.getState()[slot]
      if (model?.status === 'loading' && model.progress?.kind === 'stage') client().restart('engine-replaced')
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
    reload,
    reloadWithGradients: () => {
      withGradients = wanted()
      reload()
    },
  }
}

/** The slot's model, or what stands in its place before there is one. */
function modelIn(state: AppState, slot: ModelSlot): ModelState {
  const ref = state.settings[slot] ?? state.settings.model
  return state[slot] ?? { ref, status: 'loading', progress: null, generation: 0, snapshot: 'pending' }
}
