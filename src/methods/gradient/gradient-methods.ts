// The methods by their names.

import type { AttributionMethodId } from '../attribution.ts'
import type { AttributionMethod } from '../method.ts'
import { inputXGradient } from './input-x-gradient.ts'
import { integratedGradients } from './integrated-gradients.ts'
import { saliency } from './saliency.ts'
import { smoothgrad } from './smoothgrad.ts'

export const GRADIENT_METHODS: Readonly<Record<AttributionMethodId, AttributionMethod>> = {
  saliency,
  'input-x-gradient': inputXGradient,
  'integrated-gradients': integratedGradients,
  smoothgrad,
}
