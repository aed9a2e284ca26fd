// A model for tests of methods: a function of embeddings with its gradient, which counts its passes.

import { gameOf } from './games/games.fixture.ts'
import type { AttentionGradients, TargetModel } from './method.ts'

/** A function of all components [T * d], and its gradient. */
export interface SmoothFunction {
  readonly value: (x: Float32Array) => number
  readonly gradient: (x: Float32Array) => Float32Array
}

export interface CountedRuns extends TargetModel {
  /** Passes so far. */
  readonly passes: () => number
}

/** Attention of one head that looks everywhere alike, read at the first token. */
function evenAttention(tokens: number): Omit<AttentionGradients, 'output'> {
  const values = new Float32Array(tokens * tokens).fill(1 / tokens)
  const readOut = Float32Array.from({ length: tokens }, (_, token) => (token === 0 ? 1 : 0))
  return { layers: [{ heads: 1, values, gradient: values.map((_, at) => (at % tokens) - 1) }], readOut }
}

/** Its baselines are zeros, but for 'reference': ones. Its only word is a zero. @param onPass is told the number of each pass before it is made */
export function functionRuns(
  { value, gradient }: SmoothFunction,
  embeddings: Float32Array,
  tokens: number,
  onPass: (pass: number) => void = () => undefined,
): CountedRuns {
  let passes = 0
  const at = (point: Float32Array) => {
    onPass(++passes)
    return { output: value(point), gradient: gradient(point) }
  }
  return {
    tokens,
    passes: () => passes,
    input: async (cancel) => {
      cancel.throwIfAborted()
      return { ...at(embeddings), embeddings }
    },
    gradients: async (points, cancel) => {
      cancel.throwIfAborted()
      return points.map(at)
    },
    embeddings: async (cancel) => {
      cancel.throwIfAborted()
      at(embeddings)
      return embeddings
    },
    outputs: async (points, cancel) => {
      cancel.throwIfAborted()
      return Float64Array.from(points.values(), (point) => at(point).output)
    },
    baseline: async (kind) => new Float32Array(embeddings.length).fill(kind === 'reference' ? 1 : 0),
    randomWords: async () => new Float32Array(embeddings.length),
    attention: async (cancel) => {
      cancel.throwIfAborted()
      return { ...evenAttention(tokens), output: at(embeddings).output }
    },
    game: async () => gameOf(tokens, (present) => at(maskedBy(present, embeddings)).output),
    hiddenStates: async (cancel) => {
      cancel.throwIfAborted()
      at(embeddings)
      return [embeddings, embeddings]
    },
    statesWithZeroedValue: async (_, zeroed, cancel) => {
      cancel.throwIfAborted()
      return zeroed.map((token) => {
        const present = Array.from({ length: tokens }, (_place, other) => other !== token)
        at(embeddings)
        return maskedBy(present, embeddings)
      })
    },
    residual: async (cancel) => {
      cancel.throwIfAborted()
      const { output, gradient: slope } = at(embeddings)
      return { output, states: [{ values: embeddings, gradient: slope }] }
    },
  }
}

/** Zeros in the place of tokens that are away. */
function maskedBy(present: readonly boolean[], embeddings: Float32Array): Float32Array {
  const width = embeddings.length / present.length
  return embeddings.map((value, at) => (present[Math.floor(at / width)] ? value : 0))
}

/** w x */
export function linear(weights: Float32Array): SmoothFunction {
  return { value: (x) => x.reduce((sum, one, at) => sum + one * (weights[at] ?? 0), 0), gradient: () => weights.slice() }
}

/** Sum of w x^2 / 2. */
export function quadratic(weights: Float32Array): SmoothFunction {
  return {
    value: (x) => x.reduce((sum, one, at) => sum + ((weights[at] ?? 0) * one * one) / 2, 0),
    gradient: (x) => x.map((one, at) => (weights[at] ?? 0) * one),
  }
}

/** A logistic step of w x, which is at `place` on the way to the input and `width` wide. */
export function step(weights: Float32Array, place: number, width: number): SmoothFunction {
  const share = (x: Float32Array): number => {
    const along = x.reduce((sum, one, at) => sum + one * (weights[at] ?? 0), 0)
    return 1 / (1 + Math.exp((place - along) / width))
  }
  return {
    value: share,
    gradient: (x) => weights.map((weight) => (weight * share(x) * (1 - share(x))) / width),
  }
}
