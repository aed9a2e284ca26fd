// From an opened model to a graph that gives gradients beside its answer: the target is fed, and so are, where asked, the embeddings.

import type { Model } from '#graph/graph'
import { appendOutputs, tapOf } from '#graph/passes/append-outputs'
import { dropUnused } from '#graph/passes/drop-unused'
import { type OpenedModel, type PreparedModel, packModel } from '#graph/prepare'
import { type PassRecord, runPasses } from '#graph/rewrite'
import { sizeOf } from '#tensor/tensor'
import { type Activation, answerSeed } from './answer-seed.ts'
import { appendBackward, type Seed } from './append-backward.ts'
import { embeddingInput } from './embedding-input.ts'
import { GradientError } from './gradient-error.ts'
import { freeName } from './names.ts'
import { tokenScores } from './token-scores.ts'

export interface GradientOptions {
  /** Where the model reads: token ids, or word embeddings that are fed (and the ids, for masks and shapes). Default 'ids'. */
  readonly from?: 'ids' | 'embeddings'
  /** What the gradient is taken with respect to. Default: embeddings and attentions. */
  readonly wanted?: readonly GradientOf[]
  /** How the answer's scores become probabilities, where targets are to be probabilities. Default 'none'. */
  readonly activation?: Activation
}

/** Word embeddings, attention probabilities of every layer, or the residual stream. */
export type GradientOf = 'embeddings' | 'attentions' | 'hiddenStates'

/** Names of the inputs that a target is fed through. */
export interface TargetInputs {
  /** float32 in the answer's shape: [B,C], [B,T,C], or [B,P,K] where positions and tokens are chosen. */
  readonly weights: string
  /** float32 [3] in the order of TARGET_SPACES; null where only sums of scores can be targets. */
  readonly space: string | null
  /** Where the answer is given for chosen tokens at chosen positions: int64 [P] and [K]; else null. */
  readonly chosen: { readonly positions: string; readonly tokens: string } | null
}

export interface GradientOutputs {
  /** The answer that the target is of, as float32. */
  readonly scores: string
  /** [B,T,d]; null where it was not asked for. */
  readonly embeddings: string | null
  /** One a layer, each in the shape of the probabilities; empty where it was not asked for. */
  readonly attentions: readonly string[]
  /** The embedding output, then each layer's; empty where it was not asked for, or the stream was not recognised. */
  readonly hiddenStates: readonly string[]
}

export interface PreparedGradients extends Pick<PreparedModel, 'bytes' | 'externalData' | 'isHalf'> {
  readonly target: TargetInputs
  /** The input of word embeddings, float32 [B,T,d]; null where the model reads ids. */
  readonly embeddingsInput: string | null
  readonly outputs: GradientOutputs
  readonly passes: readonly PassRecord[]
}

/**
 * Besides the inputs of the model, which may all be fed with more than one row, the graph has those of `target` and `embeddingsInput`.
 * @throws GradientError where something between the wanted values and the answer cannot be differentiated
 */
export function prepareGradients(opened: OpenedModel, options: GradientOptions = {}): PreparedGradients {
  const { parts } = opened
  const wanted = options.wanted ?? ['embeddings', 'attentions']
  const fed = options.from === 'embeddings' ? embeddingInput(opened.model, parts.embeddings ?? missing('word embeddings')) : null
  const embeddings = fed?.embeddings ?? parts.embeddings
  const answer = answerOf(fed?.model ?? opened.model, opened)
  const { model, seed, target } = withTarget(answer, options.activation ?? 'none')

  const attentions = wanted.includes('attentions') ? parts.attentions.map(({ probabilities }) => probabilities) : []
  const states = wanted.includes('hiddenStates')
    ? parts.hiddenStates.map((value) => (value === parts.embeddings ? (embeddings ?? value) : value))
    : []
  const words = wanted.includes('embeddings') ? (embeddings ?? missing('word embeddings')) : null
  const all = Array.from(new Set([...(words === null ? [] : [words]), ...attentions, ...states]))
  if (all.length === 0) missing(wanted.join(', '))
  const backward = appendBackward(model, [seed], all)
  const gradientOf = (value: string): string => backward.gradients.get(value) ?? ''

  const outputs = [answer.scores, ...all.map(gradientOf)]
  const selected = appendOutputs({ ...backward.model.graph, outputs: [] }, outputs)
  const { model: pruned } = runPasses({ ...backward.model, graph: selected }, [dropUnused])
  return {
    ...packModel(pruned, opened.buffers),
    isHalf: pruned.graph.initializers.some(({ elementType, dims }) => elementType === 'float16' && sizeOf(dims) > 1),
    target,
    embeddingsInput: fed?.input ?? null,
    outputs: {
      scores: tapOf(pruned.graph, answer.scores),
      embeddings: words === null ? null : gradientOf(words),
      attentions: attentions.map(gradientOf),
      hiddenStates: states.map(gradientOf),
    },
    passes: [...opened.passes, { pass: 'append-gradients', changes: [`${all.length} gradients by ${backward.added} nodes`] }],
  }
}

function missing(what: string): never {
  throw new GradientError({ kind: 'nothing-to-differentiate', what })
}

interface Answer {
  readonly model: Model
  readonly scores: string
  readonly chosen: TargetInputs['chosen']
}

/** A vocabulary's scores are given for chosen tokens, where the head is seen through. */
function answerOf(model: Model, { parts, answer }: OpenedModel): Answer {
  const tap = tapOf(model.graph, answer)
  const some = parts.task === 'token-logits' ? tokenScores(model, answer) : null
  if (some === null) return { model, scores: tap, chosen: null }
  return { model: some.model, scores: some.scores, chosen: { positions: some.positions, tokens: some.tokens } }
}

function withTarget({ model, scores, chosen }: Answer, activation: Activation) {
  const { graph } = model
  const weights = freeName('innerscope.target', graph)
  // Probabilities need the scores of all tokens.
  const byScores = activation === 'none' || chosen !== null
  const space = byScores ? null : freeName('innerscope.target_space', graph)
  const added = [
    { name: weights, elementType: 'float32' as const, dims: null },
    ...(space === null ? [] : [{ name: space, elementType: 'float32' as const, dims: [3] }]),
  ]
  const target: TargetInputs = { weights, space, chosen }
  const seed: Seed = {
    value: scores,
    emit: (to) => (space === null || activation === 'none' ? weights : answerSeed(scores, weights, space, activation, to)),
  }
  return { model: { ...model, graph: { ...graph, inputs: [...graph.inputs, ...added] } }, seed, target }
}
