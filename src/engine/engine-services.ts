// What every capability's handlers are made of: runs of inputs, views of a run for a target, the model, and turns on the runtime.

import type { AttributionTarget } from '#methods/attribution'
import type { ApiTable } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'
import type { Handlers } from '#protocol/serve'
import { applyEdits } from '#text/edit'
import type { LoadedModel } from './model/model.ts'
import { createModelSlot, type EngineSources, type ModelSlot } from './model/model-slot.ts'
import { createPassCache, type ForwardPass } from './passes/pass-cache.ts'
import { createSchedule, type Schedule, type Urgency } from './passes/schedule.ts'
import type { TargetView } from './passes/target-view.ts'
import { createTargetViews } from './passes/target-views.ts'
import { editContext } from './text/edit-context.ts'

export interface EngineServices {
  readonly load: ModelSlot['load']
  /** The model of the newest load, waited for. @throws EngineError `no-model` where none is on its way */
  readyModel(): Promise<LoadedModel>
  /**
   * The run of an input: a finished one, the snapshot's while the model is on its way, or a new one when its turn comes.
   * @param urgency `live` where none is named
   * @throws EngineError `no-model`, `run-failed`, `cancelled`; TextError `edit-refused`; `signal`'s reason
   */
  runOf(input: ModelInput, signal: AbortSignal, urgency?: Urgency): Promise<ForwardPass>
  /** The model as methods see it; the last view is kept, so that methods share its passes. @throws EngineError `no-such-target` */
  explaining(run: ForwardPass, target: AttributionTarget): Promise<TargetView>
  /** Turns on the runtime. */
  readonly schedule: Schedule
}

/** A capability's part of the worker: the handlers of its calls, with caches of their own. */
export type Feature<Api extends ApiTable<Api>> = (engine: EngineServices) => Handlers<Api>

/** Services without a model; calls that need one wait for `load`, or fail with `no-model` when none is on its way. */
export function createEngineServices(sources: EngineSources): EngineServices {
  const runs = createPassCache()
  const schedule = createSchedule()
  const { load, ready, snapshotRead } = createModelSlot(sources, runs)
  return {
    load,
    readyModel: ready,
    explaining: createTargetViews(ready),
    schedule,
    runOf: async (input, signal, urgency = 'live') => {
      await snapshotRead()
      const run = await runs.get(input, signal, async (wanted) => {
        const { tokenizer, run } = await ready()
        return schedule.add(urgency, wanted, () => {
          const row = input.chat ? tokenizer.encodeChat(input.text) : tokenizer.encode(input.text)
          return run(applyEdits(row, input.edits, editContext(tokenizer)))
        })
      })
      signal.throwIfAborted()
      return run
    },
  }
}
