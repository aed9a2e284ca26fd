// What an attribution method costs on a text before it is asked: passes through the model, counted or at most.

import type { AttributionMethodId } from './attribution-methods.ts'

export interface TextSize {
  /** Of the row, the model's own tokens among them. */
  readonly tokens: number
  /** What can be removed at once. */
  readonly units: number
  readonly layers: number
}

export interface MethodCost {
  /** Whether it stops earlier where its errors are small enough. */
  readonly isBound: boolean
  readonly passes: number
}

type CostOf = (size: TextSize) => MethodCost

const counted =
  (passes: (size: TextSize) => number): CostOf =>
  (size) => ({ isBound: false, passes: passes(size) })

const atMost =
  (passes: number): CostOf =>
  () => ({ isBound: true, passes })

/** There are no more coalitions of units than two to their number. */
const coalitions =
  (most: (units: number) => number): CostOf =>
  ({ units }) => ({ isBound: true, passes: Math.min(2 ** units, most(units)) })

const once = counted(() => 1)

const COSTS: Readonly<Record<AttributionMethodId, CostOf>> = {
  'leave-one-out': counted(({ units }) => units + 1),
  'interpolated-shapley': coalitions((units) => Math.max(1000, 4 * units)),
  'sliding-window': counted(({ units }) => 1 + Math.max(1, units - 2)),
  'embedding-noise': counted(({ tokens }) => 2 + 12 * tokens),
  lime: coalitions((units) => Math.max(500, 4 * units)),
  'partition-shapley': coalitions(() => 500),
  'kernel-shap': coalitions(() => 1026),
  'sampled-shapley': coalitions((units) => 2 + 200 * (units - 1)),
  'exact-shapley': counted(({ units }) => 2 ** units),
  saliency: once,
  'signed-saliency': once,
  'input-x-gradient': once,
  'integrated-gradients': atMost(200),
  'expected-gradients': atMost(257),
  smoothgrad: counted(() => 25),
  'layer-gradients': once,
  'gradient-x-attention': once,
  relevance: once,
  rollout: once,
  'attention-flow': once,
  'value-zeroing': counted(({ tokens, layers }) => 2 + tokens * layers),
}

export function costOf(method: AttributionMethodId, size: TextSize): MethodCost {
  return COSTS[method](size)
}
