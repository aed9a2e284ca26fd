// Runs an attribution method on a model, a batch at a time, so that what is typed meanwhile need not wait for it to end.

import type { Attribution, AttributionMethodId, AttributionTarget } from '#methods/attribution'
import { GRADIENT_METHODS } from '#methods/gradient/gradient-methods'
import type { Cancel, ModelRuns, PointGradient } from '#methods/method'
import { LIVE_METHODS } from '#protocol/engine-api'
import { EngineError } from './error.ts'
import type { TargetRuns } from './model-runs.ts'
import type { Schedule, Urgency } from './schedule.ts'
import { yieldToMessages } from './yield-to-messages.ts'

/**
 * @param onPart partial answers: all but the last, which is returned
 * @throws EngineError `run-failed`, `cancelled`, or `cancel`'s reason
 */
export async function attribute(
  runs: TargetRuns,
  method: AttributionMethodId,
  target: AttributionTarget,
  schedule: Schedule,
  cancel: Cancel,
  onPart: (part: Attribution) => void,
): Promise<Attribution> {
  const begun = performance.now()
  let last: Attribution | null = null
  for await (const part of GRADIENT_METHODS[method](inTurn(runs, schedule, LIVE_METHODS.has(method) ? 'live' : 'background'), cancel)) {
    last = { method, target, ...part, ms: performance.now() - begun }
    if (last.left !== 0) onPart(last)
  }
  if (last === null) throw new EngineError('run-failed', `The method ${method} gave no answer.`)
  return last
}

/** Every batch waits for its turn. */
function inTurn(runs: TargetRuns, schedule: Schedule, urgency: Urgency): ModelRuns {
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
