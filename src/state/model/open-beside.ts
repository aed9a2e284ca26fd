// Another model, or the same one with gradients, made ready in a worker of its own while the running one answers. That one is ended
// when the new one runs, and stays where the new one fails.

import { EngineCallError } from '#protocol/client'
import { type LoadProgress, type ModelApi, type ModelCard, SMALL_MODEL_BYTES } from '#protocol/model-api'
import type { WorkerHost } from '#protocol/worker-host'
import type { ModelRef } from '#share/model-ref'
import type { ModelState, Opening } from '../app-state.ts'
import type { AppStore } from '../store.ts'
import { type ModelSlot, type ModelStart, modelIn } from './start-model.ts'

export interface OpenedBeside {
  /**
   * Resolves with whether the model runs; why not is in the state.
   * @param alone whether the running model is closed before the new one starts: large ones always are, since memory is rarely enough
   * for both; it is opened again where the new one fails then
   */
  open(ref: ModelRef, brings: Opening['brings'], alone?: boolean): Promise<boolean>
  /** Ends what is on its way, or forgets how it failed. The running model stays. */
  stop(): void
  /** The same where the running model is replaced anyway. */
  abandon(): void
}

export interface OpenedBesideContext {
  readonly slot: ModelSlot
  readonly store: AppStore
  readonly host: () => WorkerHost<ModelApi>
  readonly starting: ModelStart
  readonly gradientsFor: (ref: ModelRef) => 'yes' | 'if-small' | null
  /** The new model takes the place of the one before. */
  readonly take: (ref: ModelRef, running: ModelState & { readonly status: 'ready' }) => void
  /** The running model was closed, and must be opened again. */
  readonly reopen: () => void
}

export function createOpenedBeside({ slot, store, host, starting, gradientsFor, take, reopen }: OpenedBesideContext): OpenedBeside {
  let current: AbortController | null = null
  const forget = (): void => {
    if (store.getState().opening?.slot === slot) store.setState({ opening: null })
  }
  const abandon = (): void => {
    const before = current
    current = null
    before?.abort()
    forget()
  }

  const open = async (ref: ModelRef, brings: Opening['brings'], alone = false): Promise<boolean> => {
    abandon()
    const mine = new AbortController()
    current = mine
    const standby = host().standBy()
    const makesRoom = alone || isLarge(store.getState()[slot])
    let isAdopted = false
    const adopt = (): void => {
      if (!isAdopted) standby.adopt()
      isAdopted = true
    }
    const show = (progress: LoadProgress | null): void => store.setState({ opening: { slot, ref, brings, status: 'loading', progress } })
    const onProgress = (progress: LoadProgress): void => {
      starting.told(progress)
      if (progress.kind === 'snapshot') return
      // The files are there and can be read: what still takes memory is to come.
      if (makesRoom && !isAdopted && progress.kind === 'stage' && progress.stage === 'start') {
        adopt()
        store.setState((state) => ({ [slot]: loading(modelIn(state, slot)) }))
      }
      show(progress)
    }
    show(null)
    try {
      const gradients = brings === 'gradients' ? 'yes' : gradientsFor(ref)
      const card = await starting.start(standby.caller, ref, { gradients, takesSnapshot: false, signal: mine.signal, onProgress })
      adopt()
      current = null
      take(ref, readyAfter(modelIn(store.getState(), slot), ref, card))
      forget()
      starting.started(ref, card)
      return true
    } catch (error) {
      standby.end()
      if (!(error instanceof EngineCallError)) throw error
      // A newer one tells how it stands itself.
      if (current !== mine) return false
      current = null
      if (error.kind === 'cancelled') forget()
      else store.setState({ opening: { slot, ref, brings, status: 'failed', error: error.toWire(), alone: isAdopted } })
      // One that died is followed by another anyway.
      if (isAdopted && error.kind !== 'engine-lost') reopen()
      return false
    }
  }
  return {
    open,
    abandon,
    stop: () => {
      if (current === null) forget()
      else current.abort()
    },
  }
}

function isLarge(model: ModelState | null): boolean {
  return model?.status === 'ready' && model.card.weights.bytes > SMALL_MODEL_BYTES
}

function loading({ ref, generation, snapshot }: ModelState): ModelState {
  return { ref, generation, snapshot, status: 'loading', progress: null }
}

function readyAfter({ generation, snapshot }: ModelState, ref: ModelRef, card: ModelCard): ModelState & { readonly status: 'ready' } {
  return { ref, status: 'ready', card, generation: generation + 1, snapshot }
}
