// The life of a model: find its files, load it, follow its progress, stop it, try again, start it anew when the worker dies, another
// backend is wanted or another model is chosen. The page has two: the one it is about, and one that is compared with it.

import { needsGradients } from '#catalogue/attribution-methods'
import type { ExampleTokens } from '#catalogue/examples'
import { EngineCallError } from '#protocol/client'
import type { LoadProgress, ModelApi, ModelCard } from '#protocol/model-api'
import type { WorkerHost } from '#protocol/worker-host'
import { type ModelRef, sameModel } from '#share/model-ref'
import type { AppState, ModelState } from '../app-state.ts'
import type { Actions, AppStore } from '../store.ts'
import { fitExample } from './fit-example.ts'
import type { ModelShelf } from './model-shelf.ts'
import { createOpenedBeside } from './open-beside.ts'
import { createModelStart, type ModelPlaces, type ModelSlot, modelIn } from './start-model.ts'

type ModelStatus = ModelState extends infer State ? (State extends unknown ? Omit<State, 'ref' | 'generation' | 'snapshot'> : never) : never

const NO_TOKENS: ExampleTokens = { maskToken: null, separatorToken: null }

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
  /**
   * The reader chose another model. It is made ready beside the running one, which stays where that fails; where none runs it is
   * loaded at once. Resolves with whether it is open, or on its way in the place of nothing.
   * @param alone whether the running one is closed first, for the sake of memory
   */
  open(ref: ModelRef, alone?: boolean): Promise<boolean>
  /** Gives the running model gradients, which models are loaded without until somebody asks for them. */
  addGradients(alone?: boolean): Promise<boolean>
  /** Ends what `open` and `addGradients` began, or forgets how it failed. */
  stopOpening(): void
}

/**
 * A worker that dies again and again (no memory for this text, its file gone from the server) is not started for ever:
 * after this many deaths in this time the reader decides.
 */
const MAX_DEATHS = 3
const DEATHS_WITHIN_MS = 120_000
export function createModelLoader(
  slot: ModelSlot,
  store: AppStore,
  actions: Actions,
  host: () => WorkerHost<ModelApi>,
  shelf: ModelShelf,
  places: ModelPlaces,
): ModelLoader {
  const starting = createModelStart(store, actions, shelf, places)
  let stop = new AbortController()
  /** The model for which the reader asked for gradients. */
  let withGradients: ModelRef | null = null
  /** The model that the reader chose while none ran: its text is to fit when it is there. */
  let chosen: ModelRef | null = null
  /** The mask token of the model that ran when another one was chosen, which stands in examples for it. */
  let tokensBefore = NO_TOKENS
  let deaths: readonly number[] = []

  const setStatus = (status: ModelStatus): void =>
    store.setState((state): Partial<AppState> => {
      const { ref, generation, snapshot } = modelIn(state, slot)
      return { [slot]: { ref, generation, snapshot, ...status } }
    })
  const patch = (change: Partial<Pick<ModelState, 'ref' | 'snapshot'>>): void =>
    store.setState((state): Partial<AppState> => ({ [slot]: { ...modelIn(state, slot), ...change } }))

  const onProgress = (progress: LoadProgress): void => {
    starting.told(progress)
    if (progress.kind === 'snapshot') patch({ snapshot: progress.verdict })
    else setStatus({ status: 'loading', progress })
  }
  /** Without them a model starts in about half of the time, so they come with it only where what is on screen needs them. */
  const gradientsFor = (ref: ModelRef): 'yes' | 'if-small' | null => {
    const { tab, methods } = store.getState().settings
    if (sameModel(withGradients, ref)) return 'yes'
    return tab === 'attribution' && methods.some(needsGradients) ? 'if-small' : null
  }
  const fitText = (card: ModelCard, before: ExampleTokens): void => {
    if (slot === 'model') fitExample(store, actions, card, before)
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
      const options = { gradients: gradientsFor(ref), takesSnapshot: slot === 'model', signal: mine.signal, onProgress }
      const card = await starting.start(host(), ref, options)
      store.setState((state): Partial<AppState> => {
        const { generation, snapshot } = modelIn(state, slot)
        return { [slot]: { ref, status: 'ready', card, generation: generation + 1, snapshot } }
      })
      starting.started(ref, card)
      if (sameModel(chosen, ref)) fitText(card, NO_TOKENS)
      chosen = null
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
  const restart = (): void => {
    deaths = []
    host().restart('engine-replaced')
    void load()
  }

  const beside = createOpenedBeside({
    slot,
    store,
    host,
    starting,
    gradientsFor,
    take: (ref, running) => {
      stop.abort()
      deaths = []
      if (sameModel(wanted(), ref)) return store.setState({ [slot]: running })
      actions.chooseModel(slot, ref, running)
      fitText(running.card, tokensBefore)
    },
    reopen: restart,
  })

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
      if (model?.status === 'loading' && model.progress?.kind === 'stage') host().restart('engine-replaced')
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
      beside.abandon()
      restart()
    },
    open: async (ref, alone) => {
      const running = store.getState()[slot]
      if (running?.status !== 'ready') {
        beside.abandon()
        chosen = ref
        if (sameModel(wanted(), ref)) void begin(ref)
        else actions.chooseModel(slot, ref)
        return true
      }
      if (sameModel(running.ref, ref)) {
        beside.stop()
        return true
      }
      tokensBefore = running.card
      return beside.open(ref, 'model', alone)
    },
    addGradients: async (alone) => {
      const ref = wanted()
      const { opening } = store.getState()
      if (ref === null || (opening?.slot === slot && opening.status === 'loading')) return false
      const hasThem = await beside.open(ref, 'gradients', alone)
      if (hasThem) withGradients = ref
      return hasThem
    },
    stopOpening: beside.stop,
  }
}
