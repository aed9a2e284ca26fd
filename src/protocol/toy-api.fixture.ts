// A table of calls for the protocol's tests, shaped as an engine's are.

import type { Prediction } from '#answers/answer-kinds'
import type { AttentionChoice, AttentionMatrix } from '#methods/attention/attention'
import type { TokenFocus } from '#methods/attention/focus'
import type { Call } from './messages.ts'
import type { ModelApi } from './model-api.ts'
import type { ModelInput } from './prediction.ts'
import type { Handlers } from './serve.ts'

export interface ToyApi extends ModelApi {
  readonly run: Call<{ readonly input: ModelInput; readonly choice: AttentionChoice; readonly thumbnail: number }, ToyPart, null>
  readonly attention: Call<{ readonly input: ModelInput; readonly choice: AttentionChoice }, never, readonly AttentionMatrix[]>
  readonly focus: Call<{ readonly input: ModelInput; readonly token: number }, never, TokenFocus>
}

export type ToyPart =
  | { readonly kind: 'prediction'; readonly prediction: Prediction }
  | { readonly kind: 'thumbnails'; readonly layer: number; readonly heads: number; readonly size: number; readonly data: Uint8Array }

const unused = (): Promise<never> => Promise.reject(new Error('not used here'))

/** What a test does not give fails when it is called. */
export function handlersWith(handlers: Partial<Handlers<ToyApi>>): Handlers<ToyApi> {
  return { load: unused, answer: unused, run: unused, attention: unused, focus: unused, ...handlers }
}
