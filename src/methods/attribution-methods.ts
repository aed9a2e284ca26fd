// The methods by their names.

import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { attentionFlow } from './attention/attention-flow.ts'
import { gradientTimesAttention } from './attention/gradient-x-attention.ts'
import { relevance } from './attention/relevance.ts'
import { rollout } from './attention/rollout.ts'
import { valueZeroing } from './attention/value-zeroing.ts'
import { asAttribution } from './games/as-attribution.ts'
import { leaveOneOut, slidingWindow } from './games/leave-one-out.ts'
import { lime } from './games/lime/lime.ts'
import { exactShapley } from './games/shapley/exact-shapley.ts'
import { interpolatedShapley } from './games/shapley/interpolated-shapley.ts'
import { kernelShap } from './games/shapley/kernel-shap.ts'
import { partitionShapley } from './games/shapley/partition-shapley.ts'
import { sampledShapley } from './games/shapley/sampled-shapley.ts'
import { expectedGradients } from './gradient/expected-gradients.ts'
import { inputXGradient } from './gradient/input-x-gradient.ts'
import { integratedGradients } from './gradient/integrated-gradients.ts'
import { layerGradients } from './gradient/layer-gradients.ts'
import { saliency } from './gradient/saliency.ts'
import { signedSaliency } from './gradient/signed-saliency.ts'
import { smoothgrad } from './gradient/smoothgrad.ts'
import type { AttributionMethod } from './method.ts'
import { embeddingNoise } from './perturbation/embedding-noise.ts'

/** Units in a sliding window: a short phrase. */
const WINDOW = 3

export const METHOD_OF: Readonly<Record<AttributionMethodId, AttributionMethod>> = {
  saliency,
  'signed-saliency': signedSaliency,
  'input-x-gradient': inputXGradient,
  'integrated-gradients': integratedGradients,
  smoothgrad,
  'expected-gradients': expectedGradients,
  'layer-gradients': layerGradients,
  'gradient-x-attention': gradientTimesAttention,
  relevance,
  rollout,
  'attention-flow': attentionFlow,
  'value-zeroing': valueZeroing,
  'leave-one-out': asAttribution(() => leaveOneOut),
  'sliding-window': asAttribution(() => slidingWindow(WINDOW)),
  'embedding-noise': embeddingNoise,
  lime: asAttribution((_, { features }) => lime(features)),
  'interpolated-shapley': asAttribution(() => interpolatedShapley),
  'exact-shapley': asAttribution(() => exactShapley),
  'sampled-shapley': asAttribution(() => sampledShapley),
  'kernel-shap': asAttribution(() => kernelShap),
  'partition-shapley': asAttribution(({ hierarchy }) => partitionShapley(hierarchy)),
}
