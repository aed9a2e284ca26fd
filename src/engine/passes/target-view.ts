// Runs an attribution method on a model, a batch at a time, so that what is typed meanwhile need not wait for it to end.

import { LIVE_METHODS } from '#catalogue/attribution-methods'
import type { Attribution, AttributionMethodId, AttributionOptions, AttributionTarget } from '#methods/attribution'
import { METHOD_OF } from '#methods/attribution-methods'
import type { TokenGame } from '#methods/games/game'
import { MOST_EXACT_PLAYERS } from '#methods/games/shapley/exact-shapley'
import type { Cancel, PointGradient, TargetModel } from '#methods/method'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { ModelSession } from '../model/model-session.ts'
import type { ForwardPasses } from './forward-passes.ts'
import type { GradientPasses } from './gradient-passes.ts'
import type { Schedule, Urgency } from './schedule.ts'
import { createTokenGame, outputsInTurns, type Removals, type Turn } from './token-game.ts'
import { hearCancel, yieldToMessages } from './yield-to-messages.ts'

/** One attribution that is asked for. */
export interface Asked {
  readonly method: AttributionMethodId
  readonly target: AttributionTarget
  readonly options: AttributionOptions
  /** The text at which the way of integrated gradients begins, where that is asked for. */
  readonly reference: TokenRow | null
}

/** A row and a target, seen through a model. */
export interface TargetView {
  readonly row: TokenRow
  /** null where the model has no gradients of the target. */
  readonly gradients: GradientPasses | null
  /** [T,d] of the row; null where the model has no gradients of any target. */
  readonly embeddings: (() => Promise<Float32Array>) | null
  readonly forward: ForwardPasses
  readonly removals: Omit<Removals, 'embeddings'>
}

/** @throws EngineError `no-such-target` */
export function viewTarget(
  model: Pick<ModelSession, 'runsOf' | 'forwardOf' | 'removals'>,
  row: TokenRow,
  target: AttributionTarget,
): TargetView {
  const { runsOf, forwardOf, removals } = model
  if (forwardOf === null) throw new EngineError('no-such-target', 'The model has no answer of its own.')
  const forward = forwardOf(target)
  const gradients = gradientsOf(runsOf, row, target)
  const reading = gradients ?? gradientsOf(runsOf, row, { ...target, foil: null, space: 'score' })
  const embeddings = reading && (async () => (await reading.input()).embeddings)
  return { row, gradients, embeddings, forward, removals }
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

/**
 * @param onPart partial answers: all but the last, which is returned
 * @throws EngineError `run-failed`, `no-gradients`, `no-gradients-of-shares`, `cancelled`, or `cancel`'s reason
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
  const turn = turnsOf(schedule, LIVE_METHODS.has(method) ? 'live' : 'background')
  const model: TargetModel = {
    ...gradientRuns(explained, reference, turn),
    ...forwardRuns(explained, target, turn),
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
  return last
}

/** Of an answer that leaves them out. */
const NOTHING_MORE = { errors: null, layers: null, taken: null, known: 0, figures: {}, surrogate: null } as const

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

function forwardRuns(
  { row, embeddings, forward }: TargetView,
  { position }: AttributionTarget,
  turn: Turn,
): Pick<TargetModel, 'embeddings' | 'outputs'> {
  const ids = row.tokens.map(({ id }) => id)
  return {
    embeddings: async (cancel) => {
      if (embeddings === null) throw new EngineError('no-gradients', 'The model takes no embeddings here.')
      return turn(cancel, embeddings)
    },
    outputs: (points, cancel) => {
      const rows = Array.from(points, ([name, point]) => ({ ids, position, embeddings: point, key: `at ${name}` }))
      return outputsInTurns(forward, rows, turn, cancel)
    },
  }
}

function gradientRuns(
  { gradients: passes, embeddings, row }: TargetView,
  reference: TokenRow | null,
  turn: Turn,
): Omit<TargetModel, 'game' | 'embeddings' | 'outputs'> {
  if (passes === null) return { tokens: row.tokens.length, ...refusing(embeddings === null ? 'no-gradients' : 'no-gradients-of-shares') }
  return {
    tokens: passes.tokens,
    input: (cancel) => turn(cancel, passes.input),
    baseline: (kind, cancel) => turn(cancel, () => passes.baseline(kind, reference)),
    randomWords: (random, cancel) => turn(cancel, () => passes.randomWords(random)),
    attention: (cancel) => turn(cancel, passes.attention),
    residual: (cancel) => turn(cancel, passes.residual),
    gradients: async (points, cancel) => {
      const found: PointGradient[] = []
      while (found.length < points.length) {
        const some = points.slice(found.length, found.length + passes.rows())
        found.push(...(await turn(cancel, () => passes.gradients(some))))
      }
      return found
    },
  }
}

function refusing(kind: 'no-gradients' | 'no-gradients-of-shares'): Omit<TargetModel, 'game' | 'tokens' | 'embeddings' | 'outputs'> {
  const refuse = (): Promise<never> => Promise.reject(new EngineError(kind, 'The model has no gradients of this target.'))
  return { input: refuse, baseline: refuse, randomWords: refuse, attention: refuse, residual: refuse, gradients: refuse }
}
