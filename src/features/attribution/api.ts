// What the page asks about contributions of tokens.

import type { AttributionMethodId } from '#catalogue/attribution-methods'
import type { AttributionOptions } from '#catalogue/attribution-options'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'

export interface AttributionApi {
  /** What each token contributed to a target, by one method; partial answers are usable ones. */
  readonly attribute: Call<AttributionRequest, Attribution, Attribution>
}

export interface AttributionRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly method: AttributionMethodId
  readonly options: AttributionOptions
  /** The text that the baseline 'reference' means; null where there is none. */
  readonly reference: ModelInput | null
}
