// A row and a target, seen through a model: what attribution methods and games ask.

import type { AttributionOptions } from '#catalogue/attribution-options'
import type { AttributionTarget } from '#methods/attribution'
import type { Cancel } from '#methods/cancel'
import type { TokenGame } from '#methods/games/game'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { ModelSession } from '../model/model-session.ts'
import type { TargetPasses } from './forward-passes.ts'
import type { GradientPasses } from './gradient-passes.ts'
import type { Schedule, Urgency } from './schedule.ts'
import type { StatePasses } from './state-passes.ts'
import { createTokenGame, type Removals, type Turn } from './token-game.ts'
import { yieldToMessages } from './yield-to-messages.ts'

/** A row and a target, seen through a model. */
export interface TargetView {
  readonly row: TokenRow
  /** null where the model has no gradients of the target. */
  readonly gradients: GradientPasses | null
  /** [T,d] of the row; null where the model has no gradients of any target. */
  readonly embeddings: (() => Promise<Float32Array>) | null
  readonly forward: TargetPasses
  /** null where the model's value vectors or hidden states are not known. */
  readonly states: StatePasses | null
  readonly removals: Omit<Removals, 'embeddings'>
}

/** @throws EngineError `no-such-target` */
export function viewTarget(
  model: Pick<ModelSession, 'runsOf' | 'forwardOf' | 'statesOf' | 'removals'>,
  row: TokenRow,
  target: AttributionTarget,
): TargetView {
  const { runsOf, forwardOf, statesOf, removals } = model
  if (forwardOf === null) throw new EngineError('no-such-target', 'The model has no answer of its own.')
  const forward = forwardOf(target)
  const gradients = gradientsOf(runsOf, row, target)
  const reading = gradients ?? gradientsOf(runsOf, row, { ...target, foil: null, space: 'score' })
  const embeddings = reading && (async () => (await reading.input()).embeddings)
  return { row, gradients, embeddings, forward, states: statesOf?.(row) ?? null, removals }
}

/** Of a vocabulary's scores the graph gives gradients, but not of their shares: what needs none is answered all the same. */
function gradientsOf(runsOf: ModelSession['runsOf'], row: TokenRow, target: AttributionTarget): GradientPasses | null {
  try {
    return runsOf?.(row, target) ?? null
  } catch (error) {
    if (target.space !== 'score' && error instanceof EngineError && error.kind === 'no-such-target') return null
    throw error
  }
}

/** Every batch waits for its turn. */
export function turnsOf(schedule: Schedule, urgency: Urgency): Turn {
  return async (cancel, job) => {
    // A pass does not let messages in, and a cancel is one.
    await yieldToMessages()
    const result = await schedule.add(urgency, () => !cancel.aborted, job)
    cancel.throwIfAborted()
    return result
  }
}

/** The text of an explanation as a game. */
export function gameOf(
  { row, embeddings, forward, removals }: TargetView,
  target: AttributionTarget,
  options: Pick<AttributionOptions, 'removal' | 'unit'>,
  turn: Turn,
  cancel: Cancel,
): Promise<TokenGame> {
  const reading = embeddings && (() => turn(cancel, embeddings))
  return createTokenGame(row, target, options, forward, { ...removals, embeddings: reading }, turn, cancel)
}
