// The table of operators that have gradients, put together from its families.

import type { GradientRules } from './rule.ts'
import { activationRules } from './rules/activations.ts'
import { elementwiseRules } from './rules/elementwise.ts'
import { indexingRules } from './rules/indexing.ts'
import { moveRules } from './rules/moves.ts'
import { normRules } from './rules/norms.ts'
import { productRules } from './rules/products.ts'
import { quantisedRules } from './rules/quantised.ts'
import { reductionRules } from './rules/reductions.ts'

export const GRADIENT_RULES: GradientRules = {
  ...elementwiseRules,
  ...activationRules,
  ...reductionRules,
  ...normRules,
  ...productRules,
  ...moveRules,
  ...indexingRules,
  ...quantisedRules,
}
