// Adds to an instrumented model what gives gradients of its answer: the target is fed, and so are, where asked, the embeddings. All of it
// runs only when asked for.

import { tapOf } from '#graph/instrument/append-outputs'
import type { Model } from '#graph/ir/graph'
import { freeNames } from '#graph/ir/names'
import type { InstrumentedModel } from '#graph/prepare'
import { runPasses } from '#graph/rewrite/rewrite'
import { type Activation, answerSeed } from './answer-seed.ts'
import { appendBackward, type Seed } from './append-backward.ts'
import { type EmbeddingInput, embeddingInput } from './embedding-input.ts'
import { gateNodes } from './gate-nodes.ts'
import { GradientError } from './gradient-error.ts'
import { tokenScores } from './token-scores.ts'

export interface GradientOptions {
  /** What gradients are taken with respect to. Default: embeddings and attentions. */
  readonly wanted?: readonly GradientOf[]
  /** How the answer's scores become probabilities, where targets are to be probabilities. Default 'none'. */
  readonly activation?: Activation
}

/** Word embeddings, attention probabilities of every layer, or the residual stream. */
export type GradientOf = 'embeddings' | 'attentions' | 'hiddenStates'

/** Inputs that the graph has besides the model's own, all of which are fed at every run. */
export interface GradientInputs {
  /** bool [1]: whether gradients are computed; the others but `embeddings` mean nothing where they are not. */
  readonly gate: string
  /** float32 in the shape of `scores`: the target is the sum of what it multiplies. */
  readonly weights: string
  /** float32 [3] in the order of TARGET_SPACES; null where only sums of scores can be targets. */
  readonly space: string | null
  /** int64 [P] and [K]: where scores are given, and of which tokens; null where they are those of the whole answer. */
  readonly chosen: { readonly positions: string; readonly tokens: string } | null
  /** null where the word embeddings were not recognised. */
  readonly embeddings: EmbeddingInput | null
}

export interface GradientOutputs {
  /** The scores that targets are made of: the answer, or [B,P,K] of it where positions and tokens are chosen. */
  readonly scores: string
  /** [B,T,d]; null where it was not asked for or not recognised. */
  readonly embeddings: string | null
  /** One a layer, each in the shape of the probabilities, for which all else is held fixed but what follows from them. */
  readonly attentions: readonly string[]
  /** The embedding output, then each layer's. */
  readonly hiddenStates: readonly string[]
}

export interface GradientPlan {
  readonly inputs: GradientInputs
  readonly outputs: GradientOutputs
}

/** @throws GradientError where something between the wanted values and the answer cannot be differentiated */
export function addGradients(
  tapped: InstrumentedModel,
  options: GradientOptions = {},
): { readonly model: InstrumentedModel; readonly plan: GradientPlan } {
  const { parts } = tapped.opened
  const wanted = options.wanted ?? ['embeddings', 'attentions']
  const words = wanted.includes('embeddings') ? parts.embeddings : null
  const attentions = wanted.includes('attentions') ? parts.attentions.map(({ probabilities }) => probabilities) : []
  const states = wanted.includes('hiddenStates') ? parts.hiddenStates : []
  const all = Array.from(new Set([...(words === null ? [] : [words]), ...attentions, ...states]))
  if (all.length === 0) throw new GradientError({ kind: 'nothing-to-differentiate', what: wanted.join(', ') })

  const fed = parts.embeddings === null ? null : embeddingInput(tapped.model, parts.embeddings)
  const forward = fed?.model ?? tapped.model
  const answer = answerOf(forward, tapped)
  const { model: aimed, seed, inputs } = withTarget(answer, options.activation ?? 'none')
  const backward = appendBackward(aimed, [seed], all)

  const before = new Set(forward.graph.nodes)
  const added = new Set(backward.model.graph.nodes.filter((node) => !before.has(node)))
  const gradients = Array.from(backward.gradients.values())
  const gated = gateNodes(backward.model, added, [...(answer.chosen === null ? [] : [answer.scores]), ...gradients])
  const outputOf = (value: string): string => gated.outputs.get(backward.gradients.get(value) ?? '') ?? ''
  const change = `${gradients.length} gradients by ${added.size} nodes, which run when asked for`
  // A pass, so that the specification is checked behind it.
  const { model, records } = runPasses(tapped.model, [{ name: 'add-gradients', run: () => ({ model: gated.model, changes: [change] }) }])
  return {
    model: { ...tapped, model, passes: [...tapped.passes, ...records] },
    plan: {
      inputs: { ...inputs, gate: gated.gate, embeddings: fed?.input ?? null },
      outputs: {
        scores: gated.outputs.get(answer.scores) ?? answer.scores,
        embeddings: words === null ? null : outputOf(words),
        attentions: attentions.map(outputOf),
        hiddenStates: states.map(outputOf),
      },
    },
  }
}

interface Answer {
  readonly model: Model
  readonly scores: string
  readonly chosen: GradientInputs['chosen']
}

/** A vocabulary's scores are given for chosen tokens, where the head is seen through. */
function answerOf(model: Model, { opened, positionsInput }: InstrumentedModel): Answer {
  const { parts, answer } = opened
  const some = parts.head === null ? null : tokenScores(model, opened.model.graph, answer, positionsInput)
  if (some === null) return { model, scores: tapOf(model.graph, answer), chosen: null }
  return { model: some.model, scores: some.scores, chosen: { positions: some.positions, tokens: some.tokens } }
}

function withTarget({ model, scores, chosen }: Answer, activation: Activation) {
  const { graph } = model
  const free = freeNames(graph)
  const weights = free('innerscope.target')
  // Probabilities need the scores of all tokens.
  const space = activation === 'none' || chosen !== null ? null : free('innerscope.target_space')
  const infos = [
    { name: weights, elementType: 'float32' as const, dims: null },
    ...(space === null ? [] : [{ name: space, elementType: 'float32' as const, dims: [3] }]),
  ]
  const seed: Seed = {
    value: scores,
    emit: (to) => (space === null || activation === 'none' ? weights : answerSeed(scores, weights, space, activation, to)),
  }
  return { model: { ...model, graph: { ...graph, inputs: [...graph.inputs, ...infos] } }, seed, inputs: { weights, space, chosen } }
}
