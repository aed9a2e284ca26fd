// Runs an attribution method on a model, a batch at a time, so that what is typed meanwhile need not wait for it to end.

import type { Attribution, AttributionMethodId, AttributionOptions, AttributionTarget } from '#methods/attribution'
import { METHOD_OF } from '#methods/attribution-methods'
import type { Cancel, ModelRuns, PointGradient } from '#methods/method'
import { LIVE_METHODS } from '#protocol/engine-api'
import type { TokenRow } from '#text/token'
import { EngineError } from './error.ts'
import type { TargetRuns } from './model-runs.ts'
import type { Schedule, Urgency } from './schedule.ts'
import { yieldToMessages } from './yield-to-messages.ts'

/** One attribution that is asked for. */
export interface Asked {
  readonly method: AttributionMethodId
  readonly target: AttributionTarget
  readonly options: AttributionOptions
  /** The text at which the way of integrated gradients begins, where that is asked for. */
  readonly reference: TokenRow | null
}

/**
 * @param onPart partial answers: all but the last, which is returned
 * @throws EngineError `run-failed`, `cancelled`, or `cancel`'s reason
 */
export async function attribute(
  runs: TargetRuns,
  { method, target, options, reference }: Asked,
  schedule: Schedule,
  cancel: Cancel,
  onPart: (part: Attribution) => void,
): Promise<Attribution> {
  const begun = performance.now()
  let last: Attribution | null = null
  const inner = inTurn(runs, reference, schedule, LIVE_METHODS.has(method) ? 'live' : 'background')
  for await (const part of METHOD_OF[method](inner, options, cancel)) {
    last = { method, target, errors: null, layers: null, ...part, ms: performance.now() - begun }
    if (last.left !== 0) onPart(last)
    // Some methods go on by themselves, without a pass.
    await yieldToMessages()
    cancel.throwIfAborted()
  }
  if (last === null) throw new EngineError('run-failed', `The method ${method} gave no answer.`)
  return last
}

/** Every batch waits for its turn. */
function inTurn(runs: TargetRuns, reference: TokenRow | null, schedule: Schedule, urgency: Urgency): ModelRuns {
  const turn = async <Result>(cancel: Cancel, job: () => Promise<Result>): Promise<Result> => {
    // A pass does not let messages in, and a cancel is one.
    await yieldToMessages()
    const result = await schedule.add(urgency, () => !cancel.aborted, job)
    cancel.throwIfAborted()
    return result
  }
  return {
    tokens: runs.tokens,
    input: (cancel) => turn(cancel, runs.input),
    baseline: (kind, cancel) => turn(cancel, () => runs.baseline(kind, reference)),
    randomWords: (random, cancel) => turn(cancel, () => runs.randomWords(random)),
    attention: (cancel) => turn(cancel, runs.attention),
    residual: (cancel) => turn(cancel, runs.residual),
    gradients: async (points, cancel) => {
      const found: PointGradient[] = []
      while (found.length < points.length) {
        const some = points.slice(found.length, found.length + runs.rows())
        found.push(...(await turn(cancel, () => runs.gradients(some))))
      }
      return found
    },
  }
}
