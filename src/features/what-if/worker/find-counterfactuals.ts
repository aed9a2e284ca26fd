// The search for the smallest edits that turn the answer over.

import type { Activation } from '#answers/answer-kind'
import { kindOf, type Prediction } from '#answers/answer-kinds'
import { rivalOf } from '#answers/rival'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import type { PerturbedRow } from '#engine/passes/forward-passes'
import { movedPosition, perturbed } from '#engine/passes/perturbed-row'
import type { Schedule } from '#engine/passes/schedule'
import { targetNumber } from '#engine/passes/target-number'
import { type TargetView, turnsOf } from '#engine/passes/target-view'
import { outputsInTurns } from '#engine/passes/token-game'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { isCasedLike, isWholeWord } from '#engine/text/whole-words'
import type { AttributionTarget } from '#methods/attribution'
import type { Cancel } from '#methods/cancel'
import { type Candidate, type Counterfactual, type Edits, searchCounterfactuals } from '#methods/perturbation/counterfactual'
import { float32At } from '#tensor/vector'
import { placeAt, type TokenEdit } from '#text/edit'
import type { TokenRow } from '#text/token'
import type { CounterfactualRequest, CounterfactualState, EditedAnswer, FoundEdits } from '../api.ts'
import { isCompleteWord } from './complete-words.ts'
import { isEditable } from './trials.ts'

/** Words that the gradient proposes for each token. */
const WORDS_EACH = 12
/** More, of which some are no words in their place. */
const WORDS_LOOKED_AT = 2 * WORDS_EACH
const LIMITS = { beam: 6, size: 4, extensions: 20, answers: 5 }

/** What can be done to one token. */
interface Option {
  readonly edit: (at: number) => TokenEdit
  readonly word: string | null
}

/** The text with edits: as it would be read, and what the model answers to it. */
export interface EditedText {
  row(edits: readonly TokenEdit[]): TokenRow
  answer(edits: readonly TokenEdit[]): Promise<EditedAnswer | null>
}

/**
 * @param onPart partial answers: all but the last, which is returned
 * @throws EngineError `run-failed`, `nothing-to-perturb`, `cancelled`
 */
export async function findCounterfactuals(
  model: LoadedModel,
  { row, gradients }: TargetView,
  prediction: Prediction,
  { target, goal, moves }: Pick<CounterfactualRequest, 'target' | 'goal' | 'moves'>,
  edited: EditedText,
  schedule: Schedule,
  cancel: Cancel,
  onPart: (part: CounterfactualState) => void,
): Promise<CounterfactualState> {
  const turn = turnsOf(schedule, 'background')
  const kind = kindOf(prediction)
  const activation = kind.activation(prediction)
  const rival = rivalOf(prediction, target)
  const hasGoal = goal === 'halve' ? activation !== 'none' : kind.hasRival(prediction)
  if (!hasGoal) throw new EngineError('no-such-target', 'The model has no such answer to turn over.')
  const runs =
    model.measuring?.((scores) => (goal === 'halve' ? probabilityOf(scores, target, activation) : leadOf(scores, target, rival))) ?? null
  if (runs === null) throw new EngineError('no-such-target', 'The model has no answer of its own.')
  const [before = Number.NaN] = await outputsInTurns(runs, [perturbed(row, target.position)], turn, cancel)
  if (goal === 'flip' && before < 0) throw new EngineError('already-turned', 'The model answers another thing than the target already.')
  /** What has to be undercut. */
  const bar = goal === 'halve' ? before / 2 : 0
  const slope = moves.includes('replace') && gradients !== null ? await turn(cancel, gradients.input) : null
  const isWhole = (word: string): Promise<boolean> => isCompleteWord(model, prediction, word, turn, cancel)
  const words = slope === null ? [] : await steepestOf(model, slope.gradient, row, isWhole, cancel)
  const options = row.tokens.map((token, at): readonly Option[] => (isEditable(token) ? optionsFor(moves, words[at] ?? [], model) : []))
  // Deletions first, then each token's steepest word, then the next.
  const candidates = options
    .flatMap((all, token) => all.map((_, option): Candidate => ({ token, option })))
    .toSorted((one, other) => one.option - other.option)
  if (candidates.length === 0) throw new EngineError('nothing-to-perturb', 'There is nothing in the text that could be changed.')
  const editsOf = (edits: Edits): readonly TokenEdit[] =>
    // From the last token to the first, so that no edit moves another's token.
    edits.toSorted((one, other) => other.token - one.token).flatMap(({ token, option }) => options[token]?.[option]?.edit(token) ?? [])
  const changeable = options.filter(({ length }) => length > 0).length
  const rowOf = (edits: Edits): PerturbedRow => {
    // Not everything may go: that set changes nothing.
    const isAll = edits.length === changeable && edits.every(({ token, option }) => options[token]?.[option]?.word === null)
    const changed = isAll ? row : edited.row(editsOf(edits))
    const position = movedPosition(target.position, row, changed)
    // Where the question itself is gone there is no answer to turn.
    return position === undefined ? perturbed(row, target.position) : perturbed(changed, position)
  }
  const changed = ({ edits, margin }: Counterfactual): FoundEdits => ({
    edits: editsOf(edits),
    changes: edits.map(({ token, option }) => ({ token, word: options[token]?.[option]?.word ?? null })),
    margin,
    answer: null,
  })
  const known = new Map<Edits, FoundEdits>()
  /** The same set of edits is met in one part after the other. */
  const found = async (one: Counterfactual): Promise<FoundEdits> => {
    const unanswered = changed(one)
    const answered = known.get(one.edits) ?? { ...unanswered, answer: await edited.answer(unanswered.edits) }
    known.set(one.edits, answered)
    return answered
  }
  let closest: Counterfactual | null = null
  let last: CounterfactualState = { found: [], closest: null, size: 0, tried: 0, left: 0 }
  const evaluate = async (sets: readonly Edits[]): Promise<Float64Array> =>
    (await outputsInTurns(runs, sets.map(rowOf), turn, cancel)).map((output) => output - bar)
  for await (const part of searchCounterfactuals(candidates, evaluate, LIMITS, cancel)) {
    const all: FoundEdits[] = []
    for (const one of part.found) all.push(await found(one))
    // What came closest is told at the end, and changes with every few sets until then.
    closest = part.closest
    last = { ...part, found: all, closest: closest && changed(closest) }
    onPart(last)
  }
  return { ...last, closest: closest && (await found(closest)), left: 0 }
}

/**
 * [T] of words, each whole and one token in its place. Token by token, so that a cancel is heard in between: each takes as long as the table
 * is large, which is bounded.
 * @param gradient [T,d]
 */
async function steepestOf(
  { steepest }: LoadedModel,
  gradient: Float32Array,
  row: TokenRow,
  isWhole: (word: string) => Promise<boolean>,
  cancel: Cancel,
): Promise<readonly (readonly string[])[]> {
  const width = gradient.length / row.tokens.length
  const words: (readonly string[])[] = []
  for (const [at, token] of row.tokens.entries()) {
    if (steepest === null || !isWholeWord(row, at)) words.push([])
    else {
      await hearCancel(cancel)
      const proposed = steepest(gradient.subarray(at * width, (at + 1) * width), token, placeAt(row.tokens, at), WORDS_LOOKED_AT)
      const fitting: string[] = []
      for (const word of proposed.filter((one) => isCasedLike(one, token.label))) {
        if (fitting.length >= WORDS_EACH) break
        if (await isWhole(word)) fitting.push(word)
      }
      words.push(fitting)
    }
  }
  return words
}

function optionsFor(moves: CounterfactualRequest['moves'], words: readonly string[], { tokenizer }: LoadedModel): readonly Option[] {
  const mask = tokenizer.mask
  return [
    ...(moves.includes('delete') ? [{ edit: (at: number): TokenEdit => ({ kind: 'delete', at }), word: null }] : []),
    ...(moves.includes('mask') && mask !== null ? [{ edit: (at: number): TokenEdit => ({ kind: 'mask', at }), word: mask.piece }] : []),
    ...words.map((word) => ({ edit: (at: number): TokenEdit => ({ kind: 'replace', at, word }), word })),
  ]
}

/** How far the target is ahead of its rival, or of the best other where there is none. */
function leadOf(scores: Float32Array, { index }: AttributionTarget, rival: number | null): number {
  const own = float32At(scores, index)
  if (rival !== null) return own - float32At(scores, rival)
  let best = Number.NEGATIVE_INFINITY
  for (let at = 0; at < scores.length; at++) if (at !== index) best = Math.max(best, float32At(scores, at))
  return own - best
}

function probabilityOf(scores: Float32Array, { index }: AttributionTarget, activation: Activation): number {
  return targetNumber({ index, foil: null, space: 'probability' }, activation, scores)
}
