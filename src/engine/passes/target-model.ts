// A model as attribution methods see it: its passes for one row and target, a batch at a time, so that what is typed meanwhile need not wait.

import type { AttributionTarget } from '#methods/attribution'
import type { PointGradient, TargetModel } from '#methods/method'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { TargetView } from './target-view.ts'
import { outputsInTurns, type Turn } from './token-game.ts'

type GradientRuns = Pick<TargetModel, 'tokens' | 'input' | 'baseline' | 'randomWords' | 'attention' | 'residual' | 'gradients'>

/**
 * All but the text as a game.
 * @param reference the text at which the way of integrated gradients begins, where that is asked for
 */
export function targetModel(
  view: TargetView,
  target: AttributionTarget,
  reference: TokenRow | null,
  turn: Turn,
): Omit<TargetModel, 'game'> {
  return { ...gradientRuns(view, reference, turn), ...forwardRuns(view, target, turn), ...stateRuns(view, turn) }
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

function stateRuns({ states }: TargetView, turn: Turn): Pick<TargetModel, 'hiddenStates' | 'statesWithZeroedValue'> {
  const open = (): NonNullable<TargetView['states']> => {
    if (states === null) throw new EngineError('no-value-masks', 'The value vectors of the model are not open.')
    return states
  }
  return {
    hiddenStates: async (cancel) => turn(cancel, open().states),
    statesWithZeroedValue: async (layer, tokens, cancel) => {
      const found: Float32Array[] = []
      while (found.length < tokens.length) {
        const some = tokens.slice(found.length, found.length + open().rows())
        found.push(...(await turn(cancel, () => open().withZeroedValue(layer, some))))
      }
      return found
    },
  }
}

function gradientRuns({ gradients: passes, embeddings, row }: TargetView, reference: TokenRow | null, turn: Turn): GradientRuns {
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

function refusing(kind: 'no-gradients' | 'no-gradients-of-shares'): Omit<GradientRuns, 'tokens'> {
  const refuse = (): Promise<never> => Promise.reject(new EngineError(kind, 'The model has no gradients of this target.'))
  return { input: refuse, baseline: refuse, randomWords: refuse, attention: refuse, residual: refuse, gradients: refuse }
}
