// Which words of a vocabulary are whole: byte-level vocabularies have many beginnings of words (“inf”, “prov”) that look like words.

import { kindOf, type Prediction } from '#answers/answer-kinds'
import type { LoadedModel } from '#engine/model/model'
import type { Turn } from '#engine/passes/token-game'
import type { Cancel } from '#methods/cancel'
import type { TokenRow } from '#text/token'

/** Found out before, of the model that answers. */
const known = new WeakMap<LoadedModel, Map<string, boolean>>()

/** A token that goes on inside a word begins with a letter, a digit or a mark of one. */
const GOES_ON = /^[\p{L}\p{N}\p{M}]/u
/** Share of what may come next. */
const MOST_GOING_ON = 0.5

/**
 * Whether a word is whole for a model that reads on: alone before it, the model expects something else than the rest of the word. Words of
 * other models' vocabularies are marked as beginnings or rests, and whole ones are taken as they are.
 */
export async function isCompleteWord(
  model: LoadedModel,
  prediction: Prediction,
  word: string,
  turn: Turn,
  cancel: Cancel,
): Promise<boolean> {
  if (!kindOf(prediction).readsOn(prediction)) return true
  const words = known.get(model) ?? new Map<string, boolean>()
  known.set(model, words)
  const before = words.get(word)
  if (before !== undefined) return before
  const row = rowOf(model, word)
  const answer = await turn(cancel, () => model.answerAt(row, row.tokens.length - 1))
  const candidates = answer?.candidates ?? []
  const mass = (some: typeof candidates): number => some.reduce((sum, { probability }) => sum + probability, 0)
  const goingOn = mass(candidates.filter(({ label }) => GOES_ON.test(label)))
  const isComplete = goingOn <= MOST_GOING_ON * mass(candidates)
  words.set(word, isComplete)
  return isComplete
}

function rowOf({ tokenizer }: LoadedModel, word: string): TokenRow {
  const tokens = tokenizer
    .encodeWord(word, 'after-space')
    .map((piece) => ({ ...piece, label: word, start: 0, end: word.length, word: 0, source: 'text' as const }))
  return { tokens, cutAt: null, wantedLength: tokens.length }
}
