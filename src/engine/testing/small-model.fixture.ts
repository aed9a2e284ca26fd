// A model of one layer with a tokenizer of a few words, built here: its head is the test's.

import { ModelBuilder } from '#graph/testing/build'

export const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'not', 'bad', 'one', 'two', 'a', 'b', 'c', 'd', 'e']
/** Of the model's own. */
export const SMALL = { vocabulary: 100, heads: 2, width: 8 } as const

export interface SmallHead {
  readonly b: ModelBuilder
  /** [B,T,8]: the last hidden state. */
  readonly state: string
  /** The state of the first token [B,8], bent, so that it is no pooled vector. */
  readonly first: string
  /** A product with a weight of so many columns. */
  linear(value: string, columns: number): string
}

/** One layer of attention over input_ids [B,T]. @param head gives the outputs @param words [100,8] in the place of even ones */
export function smallModel(head: (given: SmallHead) => void, words?: Float32Array): Uint8Array {
  const { vocabulary, heads: count, width } = SMALL
  const b = new ModelBuilder()
  const ids = b.input('input_ids', 'int64', ['batch', 'tokens'])
  const linear = (x: string, to: number) => b.op('MatMul', [x, b.float([width, to])])
  const heads = (x: string, perm: readonly number[]) =>
    b.op('Transpose', [b.op('Reshape', [linear(x, width), b.int64([4], [0, 0, count, width / count])])], { perm })
  const embedded = b.op('Gather', [b.float([vocabulary, width], words), ids])
  const scores = b.op('MatMul', [heads(embedded, [0, 2, 1, 3]), heads(embedded, [0, 2, 3, 1])])
  const probabilities = b.op('Softmax', [scores], { axis: -1 })
  const context = b.op('Transpose', [b.op('MatMul', [probabilities, heads(embedded, [0, 2, 1, 3])])], { perm: [0, 2, 1, 3] })
  const state = b.op('Add', [embedded, linear(b.op('Reshape', [context, b.int64([3], [0, 0, width])]), width)])
  head({ b, state, first: b.op('Tanh', [b.op('Gather', [state, b.int64([], [0])], { axis: 1 })]), linear })
  return b.bytes()
}

/**
 * A WordPiece tokenizer of the words, and of as many more as it takes to have a size.
 * @param types of the template's tokens and of the text, where they are not 0
 */
export function tokenizerOf(size: number, types: Readonly<Record<string, number>> = {}): object {
  const pieces = [...WORDS, ...Array.from({ length: size - WORDS.length }, (_, at) => `word${at + WORDS.length}`)]
  const special = WORDS.slice(0, 5).map((content, id) => {
    return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  })
  const token = (id: string) => ({ SpecialToken: { id, type_id: types[id] ?? 0 } })
  const named = (id: string) => [id, { id, ids: [WORDS.indexOf(id)], tokens: [id] }] as const
  return {
    version: '1.0',
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [token('[CLS]'), { Sequence: { id: 'A', type_id: types.text ?? 0 } }, token('[SEP]')],
      pair: [],
      special_tokens: Object.fromEntries([named('[CLS]'), named('[SEP]')]),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    },
  }
}
