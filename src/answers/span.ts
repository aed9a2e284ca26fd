// Scores of where a span of the text starts and of where it ends: the answer to a question about the text.

import { softmax } from '#tensor/softmax'
import { argmax, float32At } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import { type AnswerKind, choicesOf } from './answer-kind.ts'

/** What the two columns of scores are of. */
export const SPAN_LABELS = ['start', 'end'] as const

export interface SpanAnswer {
  readonly kind: 'span'
  readonly labels: readonly string[]
  /** [T,2] */
  readonly logits: Float32Array
  /** Tokens at which the likeliest span starts and ends. */
  readonly span: readonly [start: number, end: number]
  /** The same as the reader sees it. */
  readonly text: string
}

/** The longest span that is looked for, as the transformers library has it. */
const LONGEST_SPAN = 15

export const span: AnswerKind<SpanAnswer> = {
  isExplainable: true,
  overVocabulary: false,
  // Its shares are over the tokens, and not over what can be answered at one.
  activation: () => 'none',
  hasShares: () => false,
  hasRival: () => false,
  readsOn: () => false,
  question: ({ prediction }, { token }) => {
    const position = token ?? prediction.span[0]
    return { best: likelierAt(prediction, position), position, choices: choicesOf(prediction.labels), isClosed: true }
  },
  probability: ({ prediction }, { index, position }) => probabilityOf(prediction, index, position ?? prediction.span[0]),
  position: ({ prediction }) => prediction.span[0],
  best: (answer, position) => ({ index: position === null ? 0 : likelierAt(answer, position), label: answer.text }),
  // A span is as likely as its ends are together.
  ranked: ({ prediction }) => {
    const {
      span: [start, end],
      logits,
      text,
    } = prediction
    const score = float32At(logits, 2 * start) + float32At(logits, 2 * end + 1)
    const probability = probabilityOf(prediction, 0, start) * probabilityOf(prediction, 1, end)
    return [{ position: start, choices: [{ index: 0, label: text, score, probability }] }]
  },
  runnerUp: () => null,
  scores: () => null,
  at: () => null,
}

/** @param logits [T,2] */
export function spanAnswer(labels: readonly string[], logits: Float32Array, { tokens }: Pick<TokenRow, 'tokens'>): SpanAnswer {
  const span = likeliestSpan(logits, tokens)
  const [start, end] = span
  const parts = tokens.slice(start, end + 1).map(({ label, start: from }, at, all) => {
    return at > 0 && from > (all[at - 1]?.end ?? from) ? ` ${label.trimStart()}` : label
  })
  return { kind: 'span', labels, logits, span, text: parts.join('').trim() }
}

/** Whether more speaks for a start or for an end, where the answer itself does neither. */
function likelierAt({ logits, span: [start, end] }: SpanAnswer, position: number): number {
  if (position === start) return 0
  return position === end ? 1 : Math.max(0, argmax(logits.subarray(2 * position, 2 * position + 2)))
}

/** How likely the span starts (0) or ends (1) at a token, of all tokens. */
export function probabilityOf({ logits }: SpanAnswer, index: number, token: number): number {
  const column = Float32Array.from({ length: logits.length / 2 }, (_, at) => float32At(logits, 2 * at + index))
  return float32At(softmax(column), token)
}

/**
 * The span with the largest sum of its two scores, in the last part of the text: what is asked stands before it, divided by the tokens
 * that the model's template puts between the two.
 * @param logits [T,2]
 */
function likeliestSpan(logits: Float32Array, tokens: TokenRow['tokens']): SpanAnswer['span'] {
  const dividers = new Set(tokens.flatMap(({ id, source }) => (source === 'template' ? [id] : [])))
  const divider = tokens.findLastIndex(({ id, source }) => source !== 'template' && dividers.has(id))
  const passage = tokens.flatMap(({ source }, at) => (at > divider && source !== 'template' ? [at] : []))
  let best: SpanAnswer['span'] = [0, 0]
  let most = Number.NEGATIVE_INFINITY
  for (const start of passage) {
    for (const end of passage) {
      const score = float32At(logits, 2 * start) + float32At(logits, 2 * end + 1)
      if (end < start || end >= start + LONGEST_SPAN || !(score > most)) continue
      best = [start, end]
      most = score
    }
  }
  return best
}
