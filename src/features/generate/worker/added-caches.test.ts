// Decoders whose files take no keys and values of earlier tokens, of each kind one; all of them in the full suite.

import { it } from 'vitest'
import { expectRefused, expectSameTokens } from './testing/added-caches.ts'

it.each([
  // Heads joined to the batch, positions counted from the attention mask, operators that hold a whole attention.
  ['gpt_neox', 'decoder_model_merged'],
  ['llama', 'model_sdpa_dynamo'],
  ['llama', 'model_genai_q4'],
])('%s %s goes on with keys and values as without', expectSameTokens)

it('float16 goes on without, and says why', () => expectRefused('gpt2', 'model_fp16'))
