// Runs an attribution method on a model, a batch at a time, so that what is typed meanwhile need not wait for it to end.

import { type AttributionMethodId, FIRST_METHOD, isLive } from '#catalogue/attribution-methods'
import type { AttributionOptions } from '#catalogue/attribution-options'
import { EngineError } from '#engine/error'
import { assertNumbers } from '#engine/passes/assert-numbers'
import type { Schedule } from '#engine/passes/schedule'
import { targetModel } from '#engine/passes/target-model'
import { gameOf, type TargetView, turnsOf } from '#engine/passes/target-view'
import { hearCancel } from '#engine/passes/yield-to-messages'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import { METHOD_OF } from '#methods/attribution-methods'
import type { Cancel } from '#methods/cancel'
import { MOST_EXACT_PLAYERS } from '#methods/games/shapley/exact-shapley'
import type { TargetModel } from '#methods/method'
import type { TokenRow } from '#text/token'

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
 * @throws EngineError `run-failed`, `not-a-number`, `no-gradients`, `no-gradients-of-shares`, `cancelled`, or `cancel`'s reason
 */
export async function attribute(
  explained: TargetView,
  { method, target, options, reference }: Asked,
  schedule: Schedule,
  cancel: Cancel,
  onPart: (part: Attribution) => void,
): Promise<Attribution> {
  const begun = performance.now()
  let last: Attribution | null = null
  const turn = turnsOf(schedule, isLive(method) || method === FIRST_METHOD ? 'live' : 'background')
  const model: TargetModel = {
    ...targetModel(explained, target, reference, turn),
    game: async (cancelled) => {
      const game = await gameOf(explained, target, options, turn, cancelled)
      if (method === 'exact-shapley' && game.players > MOST_EXACT_PLAYERS) {
        const data = { units: game.players, most: MOST_EXACT_PLAYERS }
        throw new EngineError('too-many-units', `${game.players} units have too many coalitions.`, data)
      }
      return game
    },
  }
  for await (const part of METHOD_OF[method](model, options, cancel)) {
    last = { method, target, ...NOTHING_MORE, ...part, ms: performance.now() - begun }
    if (last.left !== 0) onPart(last)
    // Some methods go on by themselves, without a pass.
    await hearCancel(cancel)
  }
  if (last === null) throw new EngineError('run-failed', `The method ${method} gave no answer.`)
  // What is not found yet is none in the answers before.
  assertNumbers(last.values, [last.output, last.expectedSum ?? 0], last.layers ?? [])
  return last
}

/** Of an answer that leaves them out. */
const NOTHING_MORE = { errors: null, layers: null, taken: null, known: 0, figures: {}, surrogate: null } as const
