// The contract between a method and a model: a method sees a model only through its runs, and tells what it has so far as it goes.

import type { Attribution } from './attribution.ts'

/** Whether an answer is still wanted: of an AbortSignal, what a method needs. */
export interface Cancel {
  readonly aborted: boolean
  /** @throws the reason of the cancel */
  throwIfAborted(): void
}

/** The target at one point of embedding space. */
export interface PointGradient {
  /** The target's number. */
  readonly output: number
  /** [T,d] of the target with respect to the embeddings. */
  readonly gradient: Float32Array
}

/** The input itself, as a point. */
export interface InputPoint extends PointGradient {
  /** [T,d]: what the word-embedding lookup gives for the tokens, before positions and norms. */
  readonly embeddings: Float32Array
}

/** A model, a row of tokens and a target. */
export interface ModelRuns {
  readonly tokens: number
  /** One pass. Methods that ask in turn share it. @throws where the model fails, or `cancel`'s reason */
  input(cancel: Cancel): Promise<InputPoint>
  /**
   * One pass for each point, several at a time where that is quicker.
   * @param points embeddings [T,d] in the place of the input's; only read
   * @throws where the model fails, or `cancel`'s reason, as soon as the passes under way have ended
   */
  gradients(points: readonly Float32Array[], cancel: Cancel): Promise<readonly PointGradient[]>
}

/** What a method itself knows of its attribution. */
export type MethodAnswer = Omit<Attribution, 'method' | 'target' | 'ms'>

/** Usable answers, each better than the one before; the last one has nothing left. @throws as `runs` does */
export type AttributionMethod = (runs: ModelRuns, cancel: Cancel) => AsyncGenerator<MethodAnswer, void, undefined>
