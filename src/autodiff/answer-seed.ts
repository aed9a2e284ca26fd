// Where the backward part begins: at the answer, with a target that is fed. One graph serves every target that is a weighted sum of
// scores, of probabilities or of their logarithms.

import { type Instrument, type Instrumented, listPorts, type Port, portInfo } from '#graph/instrument/instrument'
import { freeNames } from '#graph/ir/names'
import type { Emitter } from '#graph/rewrite/emitter'

/** How scores become probabilities: over the last axis together, each by itself, or not at all. */
export type Activation = 'softmax' | 'sigmoid' | 'none'

/** What the weights are of, in the order of the input that says it. */
export const TARGET_SPACES = ['score', 'probability', 'log-probability'] as const
export type TargetSpace = (typeof TARGET_SPACES)[number]

export type TargetInput = Instrumented<{
  /** float32 in the shape of the scores: the target is the sum of what it multiplies. */
  readonly weights: Port
  /** float32 [3] in the order of TARGET_SPACES; null where only sums of scores can be targets. */
  readonly space: Port | null
}>

/** @param hasSpaces whether the weights may be of probabilities, too */
export function targetInput(hasSpaces: boolean): Instrument<TargetInput> {
  return {
    name: 'target-input',
    apply(model) {
      const free = freeNames(model.graph)
      const name = free('innerscope.target')
      const weights: Port = { name, elementType: 'float32', dims: null, rest: { dims: [1, 1, 1], values: [0] } }
      const space: Port = {
        name: free('innerscope.target_space'),
        elementType: 'float32',
        dims: [3],
        rest: { dims: [3], values: [1, 0, 0] },
      }
      const ports = { weights, space: hasSpaces ? space : null }
      const graph = { ...model.graph, inputs: [...model.graph.inputs, ...listPorts(ports).map(portInfo)] }
      return { model: { ...model, graph }, ports, changes: ['the target is fed'] }
    },
  }
}

/**
 * The gradient of the target with respect to the scores y, from weights w: for a weighted sum of scores w; of p = softmax(y) it is
 * p (w - sum(w p)), and of log p it is w - p sum(w). With p = sigmoid(y), w p (1 - p) and w (1 - p).
 * @param scores float32 [.., C]
 * @param weights of the same shape
 * @param space [3], one for the space that is asked for and zeros
 */
export function answerSeed(scores: string, weights: string, space: string, activation: Exclude<Activation, 'none'>, to: Emitter): string {
  const mul = (left: string, right: string): string => to.op('Mul', [left, right])
  const total = (value: string): string => to.op('ReduceSum', [value, to.ints([-1])], { keepdims: 1 })
  const sub = (left: string, right: string): string => to.op('Sub', [left, right])
  const p = activation === 'softmax' ? to.op('Softmax', [scores], { axis: -1 }) : to.op('Sigmoid', [scores])
  const byLogarithm = activation === 'softmax' ? sub(weights, mul(p, total(weights))) : mul(weights, sub(to.real('float32', [1]), p))
  const byProbability = activation === 'softmax' ? mul(p, sub(weights, total(mul(p, weights)))) : mul(p, byLogarithm)
  const parts = [weights, byProbability, byLogarithm].map((part, place) => mul(part, to.slice(space, 0, place, place + 1)))
  return parts.slice(1).reduce((left, right) => to.op('Add', [left, right]), parts[0] ?? weights)
}
