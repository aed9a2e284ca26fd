// Made-up runs for tests: what a model would have told of a row of words.

import type { ClassAnswer } from '#answers/classes'
import { randomRun } from '#methods/attention/attention-run.fixture'
import type { Token, TokenRow } from '#text/token'
import type { ForwardPass } from '../passes/pass-cache.ts'

/** A row of words between [CLS] and [SEP]; equal words get equal ids. */
export function rowOf(text: string): TokenRow {
  const words = text.split(' ').filter(Boolean)
  const label = (token: string, index: number, source: Token['source']): Token => ({
    id: [...token].reduce((sum, character) => (sum * 131 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7),
    piece: token,
    label: token,
    start: index,
    end: index + token.length,
    word: source === 'template' ? -1 : index,
    source,
  })
  const tokens = [label('[CLS]', 0, 'template'), ...words.map((word, i) => label(word, i, 'text')), label('[SEP]', 0, 'template')]
  return { tokens, cutAt: null, wantedLength: tokens.length }
}

/** The run of a row; the same row and seed give the same numbers. */
export function runOfRow(
  row: TokenRow,
  { layers = 2, heads = 3, seed = 1, precomputed = false } = {},
): ForwardPass & { readonly prediction: ClassAnswer } {
  return {
    row,
    prediction: {
      kind: 'classes' as const,
      activation: 'softmax' as const,
      labels: ['NEGATIVE', 'POSITIVE'],
      logits: Float32Array.of(-1, row.tokens.length),
      probabilities: Float32Array.of(0.25, 0.75),
    },
    attention: randomRun(layers, heads, row.tokens.length, seed),
    precomputed,
    state: null,
    runMs: 3,
  }
}
