// The contract between a method and a model: a method sees a model only through its runs, and tells what it has so far as it goes.

import type { AttributionOptions, Baseline } from '#catalogue/attribution-options'
import type { Attribution } from './attribution.ts'
import type { Cancel } from './cancel.ts'
import type { TokenGame } from './games/game.ts'

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

/** A value inside the model, with the target's gradient there. */
export interface InnerGradient {
  readonly values: Float32Array
  /** In the shape of the values. */
  readonly gradient: Float32Array
}

/** Attention of the input, with its gradients. */
export interface AttentionGradients {
  readonly output: number
  /** Of each layer [heads, T, T]; row = query, column = key. A gradient holds all else fixed but what follows from the probabilities. */
  readonly layers: readonly (InnerGradient & { readonly heads: number })[]
  /** [T], adding up to 1: the share of each position in what the answer reads of the last hidden state. */
  readonly readOut: Float32Array
}

/** The residual stream of the input, with its gradients. */
export interface ResidualGradients {
  readonly output: number
  /** [T,d] of the embedding output, then of each layer's. */
  readonly states: readonly InnerGradient[]
}

/** The value vectors of one token, in every head of one layer's attention, set to zero. Both count from 0. */
export interface ValueZeroing {
  readonly layer: number
  readonly token: number
}

/** A model, a row of tokens and a target. All fail where the model fails, or throw `cancel`'s reason. */
export interface TargetModel {
  readonly tokens: number
  /** One pass. Methods that ask in turn share it. */
  input(cancel: Cancel): Promise<InputPoint>
  /**
   * One pass for each point, several at a time where that is quicker.
   * @param points embeddings [T,d] in the place of the input's; only read
   * @throws as soon as the passes under way have ended
   */
  gradients(points: readonly Float32Array[], cancel: Cancel): Promise<readonly PointGradient[]>
  /** [T,d] of the input. One pass, shared. @throws where the model takes no embeddings */
  embeddings(cancel: Cancel): Promise<Float32Array>
  /**
   * The target's number at points, without gradients, which is several times as quick.
   * @param points as of `gradients`, by names that are equal for equal points: those that were asked for before cost nothing
   */
  outputs(points: ReadonlyMap<string, Float32Array>, cancel: Cancel): Promise<Float64Array>
  /** [T,d]: what stands for a text that says nothing. @throws where the model has no such token or table */
  baseline(kind: Baseline, cancel: Cancel): Promise<Float32Array>
  /** [T,d]: any word of the vocabulary in the place of each of the text's; the tokenizer's own tokens stay. */
  randomWords(random: () => number, cancel: Cancel): Promise<Float32Array>
  /** One pass, shared. */
  attention(cancel: Cancel): Promise<AttentionGradients>
  /** One pass, shared. */
  residual(cancel: Cancel): Promise<ResidualGradients>
  /** The embedding output, then each layer's output, each [T,d]. One pass, shared. @throws where the residual stream or values are not known */
  hiddenStates(cancel: Cancel): Promise<readonly Float32Array[]>
  /**
   * Outputs [T,d] of a layer, each with the value vector of one token zeroed in it. One pass for each, several at a time where that is quicker.
   * @throws as `hiddenStates`
   */
  statesWithZeroedValue(layer: number, tokens: readonly number[], cancel: Cancel): Promise<readonly Float32Array[]>
  /** The text as a game of its units. No pass by itself. @throws where a unit cannot be taken away as asked */
  game(cancel: Cancel): Promise<TokenGame>
}

/** What a method itself knows of its attribution; what a method leaves out, it has not. */
export interface MethodAnswer
  extends Omit<Attribution, 'method' | 'target' | 'ms' | 'errors' | 'layers' | 'taken' | 'known' | 'figures' | 'surrogate'> {
  readonly errors?: Float32Array
  readonly layers?: Float32Array
  readonly taken?: Attribution['taken']
  readonly known?: number
  readonly figures?: Attribution['figures']
  readonly surrogate?: Attribution['surrogate']
}

/** Usable answers, each better than the one before; the last one has nothing left. @throws as the calls of `model` do */
export type AttributionMethod = (
  model: TargetModel,
  options: AttributionOptions,
  cancel: Cancel,
) => AsyncGenerator<MethodAnswer, void, undefined>
