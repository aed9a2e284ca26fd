// Adds to an instrumented model what gives gradients of its answer: the target is fed, and so are, where asked, the embeddings. The
// backward part is in an If branch, run on demand.

import { tapOf } from '#graph/instrument/append-outputs'
import { conditionalBranch } from '#graph/instrument/conditional-branch'
import { embeddingInput } from '#graph/instrument/embedding-input'
import { listPorts, type Port, type Ports, portInfo } from '#graph/instrument/instrument'
import type { Model } from '#graph/ir/graph'
import { freeNames } from '#graph/ir/names'
import type { InstrumentedModel } from '#graph/prepare'
import { findReadout } from '#graph/recognise/readout'
import { runPasses } from '#graph/rewrite/rewrite'
import { inferShapes } from '#graph/shapes/infer-shapes'
import { type Activation, answerSeed, type TargetInput, targetInput } from './answer-seed.ts'
import { appendBackward, type Seed } from './append-backward.ts'
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

/** Names of the ports by which gradients are asked for. */
export interface GradientInputs {
  /** bool [1]: whether gradients are computed; the others but `embeddings` mean nothing where they are not. */
  readonly condition: string
  /** float32 in the shape of `scores`: the target is the sum of what it multiplies. */
  readonly weights: string
  /** float32 [3] in the order of TARGET_SPACES; null where only sums of scores can be targets. */
  readonly space: string | null
  /** int64 [P] and [K]: where scores are given, and of which tokens; null where they are those of the whole answer. */
  readonly chosen: { readonly positions: string; readonly tokens: string } | null
  /** float32 [B,T,d], and bool [1] that says whether they are used; null where the word embeddings were not recognised. */
  readonly embeddings: { readonly values: string; readonly use: string } | null
  /** float32 [B,T,d]: a gradient at the end of the residual stream, before the final norm, added to the target's. null where that was not recognised. */
  readonly streamEnd: string | null
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

  const fed = embeddingInput.apply(tapped.model, parts)
  const forward = fed?.model ?? tapped.model
  const answer = answerOf(forward, tapped)
  // Probabilities need the scores of all tokens.
  const activation = answer.chosen === null ? (options.activation ?? 'none') : 'none'
  const aimed = targetInput(activation !== 'none').apply(answer.model, parts)
  const streamed = streamSeed(aimed.model, tapped, states.length > 0)
  const seeds = [seedOf(answer.scores, aimed.ports, activation), ...(streamed === null ? [] : [streamed.seed])]
  const backward = appendBackward(streamed?.model ?? aimed.model, seeds, all)

  // What makes the scores of chosen tokens is run on demand, too.
  const before = new Set(forward.graph.nodes)
  const added = new Set(backward.model.graph.nodes.filter((node) => !before.has(node)))
  const gradients = Array.from(backward.gradients.values())
  const given = [...(answer.chosen === null ? [] : [answer.scores]), ...gradients]
  const branch = conditionalBranch(added, given, 'innerscope.gradients').apply(backward.model, parts)
  const outputOf = (value: string): string => branch.outputs.get(backward.gradients.get(value) ?? '') ?? ''
  const change = `${gradients.length} gradients by ${added.size} nodes, which run when asked for`
  // A pass, so that the specification is checked behind it.
  const { model, records } = runPasses(tapped.model, [{ name: 'add-gradients', run: () => ({ model: branch.model, changes: [change] }) }])
  const ports = [fed?.ports ?? {}, answer.ports, aimed.ports, streamed?.ports ?? {}, branch.ports].flatMap(listPorts)
  return {
    model: { ...tapped, model, ports: [...tapped.ports, ...ports], passes: [...tapped.passes, ...records] },
    plan: {
      inputs: {
        condition: branch.ports.condition.name,
        weights: aimed.ports.weights.name,
        space: aimed.ports.space?.name ?? null,
        chosen: answer.chosen,
        embeddings: fed && { values: fed.ports.values.name, use: fed.ports.use.name },
        streamEnd: streamed?.ports.gradient.name ?? null,
      },
      outputs: {
        scores: branch.outputs.get(answer.scores) ?? answer.scores,
        embeddings: words === null ? null : outputOf(words),
        attentions: attentions.map(outputOf),
        hiddenStates: states.map(outputOf),
      },
    },
  }
}

/** A backward part that begins at the end of the stream as well: what the final norm does to a gradient is then for who feeds it to say. */
function streamSeed(model: Model, { opened }: InstrumentedModel, isWanted: boolean) {
  const end = isWanted ? (findReadout(opened.model.graph, opened.parts)?.end ?? null) : null
  if (end === null || inferShapes(opened.model.graph)(end).dims?.length !== 3) return null
  const gradient: Port = {
    name: freeNames(model.graph)('innerscope.stream_gradient'),
    elementType: 'float32',
    dims: null,
    rest: { dims: [1, 1, 1], values: [0] },
  }
  const seed: Seed = { value: end, emit: (to) => to.op('Expand', [gradient.name, to.op('Shape', [end])]) }
  const inputs = [...model.graph.inputs, portInfo(gradient)]
  return { model: { ...model, graph: { ...model.graph, inputs } }, ports: { gradient }, seed }
}

interface Answer {
  readonly model: Model
  readonly ports: Ports
  readonly scores: string
  readonly chosen: GradientInputs['chosen']
}

/** A vocabulary's scores are given for chosen tokens, where the head is seen through. */
function answerOf(model: Model, { opened, positionsInput }: InstrumentedModel): Answer {
  const { parts, answer } = opened
  const some = tokenScores(opened.model.graph, answer, positionsInput).apply(model, parts)
  if (some === null) return { model, ports: {}, scores: tapOf(model.graph, answer), chosen: null }
  return { ...some, chosen: { positions: some.positions, tokens: some.ports.tokens.name } }
}

function seedOf(scores: string, { weights, space }: TargetInput['ports'], activation: Activation): Seed {
  const emit: Seed['emit'] = (to) =>
    space === null || activation === 'none' ? weights.name : answerSeed(scores, weights.name, space.name, activation, to)
  return { value: scores, emit }
}
