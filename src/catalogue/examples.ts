// Good first sentences for what a model is asked. Titles and what to look for are in the languages; the sentences stay as the model
// reads them.

type ExampleId =
  | 'negation'
  | 'sarcasm'
  | 'pronouns'
  | 'contrast'
  | 'long'
  | 'chinese'
  | 'capital'
  | 'names'
  | 'repetition'
  | 'agreement'
  | 'fillCapital'
  | 'fillGender'
  | 'entities'
  | 'likeness'
  | 'whoWrote'

export interface Example {
  readonly id: ExampleId
  readonly a: string
  readonly b: string | null
}

const CLASSIFIED: readonly Example[] = [
  { id: 'negation', a: 'The film is not bad at all.', b: 'The film is bad at all.' },
  { id: 'sarcasm', a: 'Oh great, another three hours of people walking slowly.', b: null },
  { id: 'pronouns', a: 'The actor thanked the director because she had trusted him, and it showed.', b: null },
  { id: 'contrast', a: 'The plot is thin, but the acting is superb.', b: 'The acting is superb, but the plot is thin.' },
  {
    id: 'long',
    a: 'What begins as a quiet story about two sisters in a village by the sea slowly turns, scene after careful scene, into something far stranger and more moving than its modest opening would ever lead you to expect, and even when the last act stumbles, the performances carry you home.',
    b: null,
  },
  { id: 'chinese', a: '这部电影一点也不差。', b: null },
]

const CAUSAL: readonly Example[] = [
  { id: 'capital', a: 'The capital of France is', b: 'The capital of Italy is' },
  {
    id: 'names',
    a: 'When Mary and John went to the store, John gave a drink to',
    b: 'When Mary and John went to the store, Mary gave a drink to',
  },
  { id: 'repetition', a: 'orange seven lamp river stone orange seven lamp river', b: null },
  { id: 'agreement', a: 'The keys to the cabinet', b: 'The key to the cabinets' },
]

/** `{mask}` stands for the model's own mask token. */
const MASKED: readonly Example[] = [
  { id: 'fillCapital', a: 'Paris is the {mask} of France.', b: null },
  { id: 'fillGender', a: 'The doctor said that {mask} would come later.', b: 'The nurse said that {mask} would come later.' },
]

const TAGGED: readonly Example[] = [{ id: 'entities', a: 'Ada Lovelace met Charles Babbage in London.', b: null }]

const ENCODED: readonly Example[] = [{ id: 'likeness', a: 'A cat sits on the mat.', b: 'A kitten is sitting on the carpet.' }]

/** `{separator}` stands for the model's own token between two texts. */
const ASKED: readonly Example[] = [
  {
    id: 'whoWrote',
    a: 'Who wrote the first program? {separator} In 1843 Ada Lovelace wrote the first program for a machine that Charles Babbage had designed.',
    b: null,
  },
]

/** By what a model answers with; the first of a row is the one that a reader meets first. */
export const EXAMPLES = {
  classifier: CLASSIFIED,
  'token-classifier': TAGGED,
  'question-answering': ASKED,
  'masked-lm': MASKED,
  'causal-lm': CAUSAL,
  encoder: ENCODED,
} as const satisfies Readonly<Record<string, readonly Example[]>>

export type ExampleTask = keyof typeof EXAMPLES

/** Tokens of a model that its examples hold; null where its vocabulary has none. */
export interface ExampleTokens {
  readonly maskToken: string | null
  readonly separatorToken: string | null
}

export function examplesFor(task: ExampleTask, { maskToken, separatorToken }: ExampleTokens): readonly Example[] {
  const filled = (text: string): string => text.replaceAll('{mask}', maskToken ?? '').replaceAll('{separator}', separatorToken ?? '')
  return EXAMPLES[task].map(({ id, a, b }) => ({ id, a: filled(a), b: b === null ? null : filled(b) }))
}
