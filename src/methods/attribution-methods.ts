// The methods by their names.

import { attentionFlow } from './attention/attention-flow.ts'
import { gradientTimesAttention } from './attention/gradient-x-attention.ts'
import { relevance } from './attention/relevance.ts'
import { rollout } from './attention/rollout.ts'
import type { AttributionMethodId } from './attribution.ts'
import { expectedGradients } from './gradient/expected-gradients.ts'
import { inputXGradient } from './gradient/input-x-gradient.ts'
import { integratedGradients } from './gradient/integrated-gradients.ts'
import { layerGradients } from './gradient/layer-gradients.ts'
import { saliency } from './gradient/saliency.ts'
import { signedSaliency } from './gradient/signed-saliency.ts'
import { smoothgrad } from './gradient/smoothgrad.ts'
import type { AttributionMethod } from './method.ts'

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
}
