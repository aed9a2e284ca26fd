import type { EditContext } from '#text/edit'
import type { ModelTokenizer } from './tokenizer.ts'

/** What edits need of a model's tokenizer. */
export function editContext(tokenizer: Pick<ModelTokenizer, 'mask' | 'encodeWord' | 'maxTokens'>): EditContext {
  return { maskToken: tokenizer.mask, encodeWord: (word, place) => tokenizer.encodeWord(word, place), maxTokens: tokenizer.maxTokens }
}
