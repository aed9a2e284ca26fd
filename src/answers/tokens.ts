// Tokens that the vocabulary's scores favour: what comes next, or what a masked place held.

import type { Answered, AnswerKind, Chosen } from './answer-kind.ts'
import type { PositionAnswer } from './position-answer.ts'

export interface TokenAnswer {
  readonly kind: 'tokens'
  readonly asks: 'next' | 'fill'
  /** The positions that the model is asked about by itself: the last one, or each mask. Others by `ModelApi.answer`. */
  readonly positions: readonly PositionAnswer[]
}

export const tokens: AnswerKind<TokenAnswer> = {
  isExplainable: true,
  overVocabulary: true,
  // Exclusive whatever the model says of its classes.
  activation: () => 'softmax',
  hasShares: () => true,
  hasRival: () => true,
  readsOn: ({ asks }) => asks === 'next',
  question: (answered, chosen) => {
    const asked = askedAbout(answered, chosen)
    if (asked === null) return null
    const { itself, position } = asked
    const likely = (answerAt(answered, position)?.candidates ?? []).map(({ id, label }) => ({ index: id, label }))
    const isListed = itself === null || likely.some(({ index }) => index === itself.index)
    const choices = isListed ? likely : [itself, ...likely]
    const best = (itself ?? likely[0])?.index
    return best === undefined ? null : { best, position, choices, isClosed: false }
  },
  probability: (answered, { index, foil, position, space }, output) => {
    const there = answerAt(answered, position)
    const candidate = there?.candidates.find(({ id }) => id === index)
    if (candidate) return candidate.probability
    if (output === null || foil !== null) return null
    if (space !== 'score') return space === 'probability' ? output : Math.exp(output)
    const [known] = there?.candidates ?? []
    // All scores of a place become probabilities by the same divisor.
    return known ? known.probability * Math.exp(output - known.logit) : null
  },
  position: ({ row }, mask) => {
    const masked = row.tokens.findIndex(({ id }) => id === mask)
    return masked < 0 ? row.tokens.length - 1 : masked
  },
  best: ({ positions }, position) => {
    const there = position === null ? positions[0] : positions.find((one) => one.position === position)
    const [first] = there?.candidates ?? []
    return first ? { index: first.id, label: first.label } : null
  },
  ranked: ({ prediction: { positions } }) =>
    positions.map(({ position, candidates }) => ({
      position,
      choices: candidates.map(({ id, label, logit, probability }) => ({ index: id, label, score: logit, probability })),
    })),
  runnerUp: ({ positions }, { index, position }) => {
    const asked = positions.find((one) => one.position === position)
    return asked?.candidates.find(({ id }) => id !== index)?.id ?? null
  },
  scores: () => null,
  at: ({ positions }, position) => positions.find((answer) => answer.position === position),
}

/** Where the model is asked, and about what. */
interface Asked {
  /** The chosen token, which is explained itself; null for what the model answers. */
  readonly itself: { readonly index: number; readonly label: string } | null
  readonly position: number
}

/**
 * A token of a model that reads on is explained from those before it, unless what comes after it is asked for; the first one has none
 * before it. A masked model is asked about the place itself.
 */
function askedAbout({ row, prediction, chosen }: Answered<TokenAnswer>, { token, explains }: Chosen): Asked | null {
  const own = token === null ? undefined : row.tokens[token]
  if (token === null || own === undefined) {
    const position = prediction.positions[0]?.position
    return position === undefined ? null : { itself: null, position }
  }
  if (prediction.asks === 'next' && explains === 'itself') {
    return token === 0 ? null : { itself: { index: own.id, label: own.label }, position: token - 1 }
  }
  return chosen?.position === token ? { itself: null, position: token } : null
}

function answerAt(
  { prediction, chosen }: Pick<Answered<TokenAnswer>, 'prediction' | 'chosen'>,
  position: number | null,
): PositionAnswer | undefined {
  return chosen?.position === position && chosen !== null ? chosen : prediction.positions.find((one) => one.position === position)
}
