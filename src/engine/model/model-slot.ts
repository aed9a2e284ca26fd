// The model of the newest load, and the snapshot that answers until it has come.

import type { LoadProgress, LoadRequest, ModelCard, SnapshotRefusal } from '#protocol/model-api'
import type { CallContext } from '#protocol/serve'
import { EngineError } from '../error.ts'
import type { PassCache } from '../passes/pass-cache.ts'
import type { LoadedModel } from './model.ts'
import type { Snapshot } from './snapshot.ts'

/** How an engine gets its model: the worker's way reads files, a test's may hand over anything. */
export interface EngineSources {
  readonly loadModel: (request: LoadRequest, context: CallContext<LoadProgress>) => Promise<LoadedModel>
  /** @throws EngineError `snapshot-refused` */
  readonly loadSnapshot: (address: string, base: string, signal: AbortSignal) => Promise<Snapshot>
}

export interface ModelSlot {
  load(request: LoadRequest, context: CallContext<LoadProgress>): Promise<ModelCard>
  /** The model of the newest load. @throws EngineError `no-model` where none is on its way */
  ready(): Promise<LoadedModel>
  /** Settles once the snapshot of the newest load has been taken or refused. */
  snapshotRead(): Promise<void>
}

/** @param runs gets the snapshot's runs, which it loses when the model has come */
export function createModelSlot(sources: EngineSources, runs: PassCache): ModelSlot {
  let model: Promise<LoadedModel> | null = null
  let snapshot: Promise<void> = Promise.resolve()

  const takeSnapshot = async (address: string, base: string, signal: AbortSignal, context: CallContext<LoadProgress>): Promise<void> => {
    try {
      const { runs: precomputed } = await sources.loadSnapshot(address, base, signal)
      if (signal.aborted) return
      for (const { input, run } of precomputed) runs.put(input, run)
      context.progress({ kind: 'snapshot', verdict: 'accepted' })
    } catch (error) {
      if (signal.aborted) return
      const reason = error instanceof EngineError && error.kind === 'snapshot-refused' ? error.data.reason : 'missing'
      context.progress({ kind: 'snapshot', verdict: refusalOf(reason) })
    }
  }
  /** A load that failed or was cancelled while it was waited for reports to its own caller. */
  const ready = (): Promise<LoadedModel> =>
    model === null ? Promise.reject(new EngineError('no-model', 'No model is loaded.')) : model.catch(ready)

  return {
    ready,
    snapshotRead: () => snapshot,
    load: async (request, context) => {
      const late = new AbortController()
      const signal = AbortSignal.any([context.signal, late.signal])
      const loading = sources.loadModel(request, context)
      model = loading
      loading.catch(() => {
        if (model === loading) model = null
      })
      const { source } = request
      snapshot =
        source.kind === 'files' || source.snapshot === null
          ? Promise.resolve()
          : takeSnapshot(source.snapshot, source.base, signal, context)
      const { card } = await loading
      // A snapshot that hangs must not hold back a model from the cache.
      late.abort()
      runs.drop((run) => run.precomputed)
      return card
    },
  }
}

function refusalOf(reason: unknown): SnapshotRefusal {
  return reason === 'not-a-snapshot' || reason === 'outdated' || reason === 'foreign' ? reason : 'missing'
}
