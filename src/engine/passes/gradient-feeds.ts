// What is fed to ask a graph for gradients: a target, and embeddings in the place of the input's.

import type { GradientPlan } from '#autodiff/add-gradients'
import type { TARGET_SPACES, TargetSpace } from '#autodiff/answer-seed'
import { sizeOf, type Tensor } from '#tensor/tensor'
import { elementAt } from '#tensor/vector'
import type { Feeds } from '../runtime/session.ts'
import { positionFeed } from './run-feeds.ts'

/** A weighted sum of elements of the answer. */
export interface GradientTarget {
  /** Place on the answer's axis of tokens; null where it has none. */
  readonly position: number | null
  /** Classes or tokens, and what each counts: 1 and -1 for the difference of two. */
  readonly elements: readonly { readonly index: number; readonly weight: number }[]
  /** Of what the weights are. */
  readonly space: TargetSpace
}

const SPACES: Readonly<Record<(typeof TARGET_SPACES)[number], readonly number[]>> = {
  score: [1, 0, 0],
  probability: [0, 1, 0],
  'log-probability': [0, 0, 1],
}

/**
 * Feeds for the gradient of a target, which is the same for every row of a batch.
 * @param answer shape of the answer [B,C] or [B,T,C]; of the chosen scores of a language model only B is looked at
 */
export function gradientFeeds({ inputs }: Pick<GradientPlan, 'inputs'>, target: GradientTarget, answer: readonly number[]): Feeds {
  const { elements, position, space } = target
  const batch = elementAt(answer, 0)
  if (inputs.chosen !== null) {
    const weights = {
      dims: [batch, 1, elements.length],
      data: repeated(
        elements.map(({ weight }) => weight),
        batch,
      ),
    }
    return {
      ...targetOf(inputs, weights, space),
      [inputs.chosen.positions]: positionFeed([position ?? 0]),
      [inputs.chosen.tokens]: positionFeed(elements.map(({ index }) => index)),
      [inputs.condition]: flag(true),
    }
  }
  const row = new Float32Array(sizeOf(answer.slice(1)))
  for (const { index, weight } of elements) row[(position ?? 0) * elementAt(answer, answer.length - 1) + index] = weight
  return { ...targetOf(inputs, { dims: answer, data: repeated(row, batch) }, space), [inputs.condition]: flag(true) }
}

/** Feeds that put embeddings [B,T,d] in the place of those that the ids look up. */
export function embeddingFeeds({ inputs }: Pick<GradientPlan, 'inputs'>, embeddings: Tensor): Feeds {
  if (inputs.embeddings === null) return {}
  return { [inputs.embeddings.values]: embeddings, [inputs.embeddings.use]: flag(true) }
}

function targetOf(inputs: GradientPlan['inputs'], weights: Tensor, space: TargetSpace): Feeds {
  const spaces: Feeds = inputs.space === null ? {} : { [inputs.space]: { dims: [3], data: Float32Array.from(SPACES[space]) } }
  return { [inputs.weights]: weights, ...spaces }
}

function repeated(row: ArrayLike<number>, times: number): Float32Array {
  const all = new Float32Array(row.length * times)
  for (let at = 0; at < times; at++) all.set(row, at * row.length)
  return all
}

function flag(value: boolean): Feeds[string] {
  return { dims: [1], data: Uint8Array.of(value ? 1 : 0), type: 'bool' }
}
