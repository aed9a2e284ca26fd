// Edits of an input that are tried one by one, and the search for the smallest that turn the answer over.

import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import type { PerturbedRow } from '#engine/passes/forward-passes'
import type { ForwardPass } from '#engine/passes/pass-cache'
import type { Schedule } from '#engine/passes/schedule'
import { targetNumber } from '#engine/passes/target-number'
import { type TargetView, turnsOf } from '#engine/passes/target-view'
import { outputsInTurns } from '#engine/passes/token-game'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { isWholeWord, typedWordOf, whyNoWord, wordOf } from '#engine/text/whole-words'
import { headChanges } from '#methods/attention/difference'
import type { AttributionTarget } from '#methods/attribution'
import type { Cancel } from '#methods/method'
import { type Candidate, type Counterfactual, type Edits, searchCounterfactuals } from '#methods/perturbation/counterfactual'
import type { Activation, Prediction } from '#protocol/prediction'
import { randomNumbers } from '#tensor/random'
import { alignTokens } from '#text/align'
import type { TokenEdit } from '#text/edit'
import type { Token, TokenRow } from '#text/token'
import {
  type CounterfactualRequest,
  type CounterfactualState,
  type EditFamily,
  type FoundEdits,
  type RefusedTrial,
  UNSUPPORTED_EDIT_REASONS,
  type UnsupportedEditReason,
  type WhatIfRequest,
  type WhatIfRow,
} from '../api.ts'

/** One edit to be tried. */
export type Trial = Pick<WhatIfRow, 'family' | 'token' | 'edits' | 'word'>

const SEED = 1
/** A typo swaps two letters inside a word that is long enough to be known all the same. */
const TYPO_LETTERS = 4

export interface Trials {
  readonly trials: readonly Trial[]
  /** Edits that are tried on every token, for tokens that cannot take them. */
  readonly unfit: readonly RefusedTrial[]
}

/** What a request asks for, token by token. @throws `cancel`'s reason */
export async function trialsOf(
  { families, words }: Pick<WhatIfRequest, 'families' | 'words'>,
  row: TokenRow,
  model: LoadedModel,
  cancel: Cancel,
): Promise<Trials> {
  const random = randomNumbers(SEED)
  const near = families.includes('neighbour') ? await wordsNear(row, model, cancel) : []
  const byWord = (family: EditFamily, token: number, word: () => string | UnsupportedEditReason): Trial | UnsupportedEditReason => {
    const found = whyNoWord(row, token) ?? word()
    return isUnsupportedReason(found) ? found : replaced(family, token, found)
  }
  /** null where there is no such edit. */
  const makers: Readonly<Record<EditFamily, (token: number) => Trial | UnsupportedEditReason | null>> = {
    mask: (token) =>
      model.tokenizer.mask === null ? 'no-mask-token' : { family: 'mask', token, edits: [{ kind: 'mask', at: token }], word: null },
    delete: (token) => ({ family: 'delete', token, edits: [{ kind: 'delete', at: token }], word: null }),
    swap: (token) =>
      isEditable(row.tokens[token + 1]) ? { family: 'swap', token, edits: [{ kind: 'swap', at: token }], word: null } : null,
    neighbour: (token) => byWord('neighbour', token, () => near[token] ?? 'no-word-table'),
    random: (token) => byWord('random', token, () => randomWord(model, random) ?? 'no-word-table'),
    typo: (token) => byWord('typo', token, () => typoOf(row.tokens[token]?.label.trim() ?? '') ?? 'no-typo'),
  }
  const listed = (words?.list ?? []).flatMap((word) => (word.trim() === '' ? [] : replaced('word', words?.token ?? 0, word.trim())))
  const each: Trial[] = []
  const unfit: RefusedTrial[] = []
  for (const family of families) {
    row.tokens.forEach((one, token) => {
      const made = isEditable(one) ? makers[family](token) : null
      if (typeof made === 'string') unfit.push({ family, token, word: null, reason: made })
      else if (made !== null) each.push(made)
    })
  }
  return { trials: [...listed, ...each], unfit }
}

/** Words are of letters alone, reasons are not. */
function isUnsupportedReason(word: string): word is UnsupportedEditReason {
  return UNSUPPORTED_EDIT_REASONS.some((reason) => reason === word)
}

function replaced(family: Trial['family'], token: number, word: string): Trial {
  return { family, token, edits: [{ kind: 'replace', at: token, word }], word }
}

function isEditable(token: Token | undefined): boolean {
  return token !== undefined && token.source !== 'template'
}

/** [T]: the nearest other word, or why there is none. */
async function wordsNear(
  row: TokenRow,
  { removals, tokenizer }: LoadedModel,
  cancel: Cancel,
): Promise<readonly (string | UnsupportedEditReason)[]> {
  const near: (string | UnsupportedEditReason)[] = []
  for (const [at, { id }] of row.tokens.entries()) {
    const found = isWholeWord(row, at) ? await removals.neighbour?.(id, () => hearCancel(cancel)) : undefined
    near.push(found === undefined ? 'no-word-table' : (wordOf(found, tokenizer) ?? 'no-near-word'))
  }
  return near
}

/** A word of one piece and of more letters than one. */
function randomWord({ tokenizer }: LoadedModel, random: () => number): string | null {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const word = typedWordOf(Math.floor(random() * tokenizer.size), tokenizer)
    if (word !== null && Array.from(word).length > 1) return word
  }
  return null
}

/** Two letters in the middle change places. */
function typoOf(word: string): string | null {
  const letters = Array.from(word)
  const at = Math.floor(letters.length / 2) - 1
  const [one, other] = [letters[at], letters[at + 1]]
  if (letters.length < TYPO_LETTERS || one === undefined || other === undefined || one === other) return null
  return letters
    .with(at, other)
    .with(at + 1, one)
    .join('')
}

/** What a trial changed. @param output the target's number after it */
export function rowOfTrial(
  trial: Trial,
  before: ForwardPass,
  after: ForwardPass,
  outputs: { readonly before: number; readonly output: number },
  left: number,
): WhatIfRow {
  const alignment = alignTokens(before.row.tokens, after.row.tokens)
  const layers = before.attention.layers.length
  const attention = new Float32Array(layers)
  for (const { layer, moved } of headChanges(before.attention, after.attention, alignment)) {
    attention[layer] = (attention[layer] ?? 0) + moved / (before.attention.layers[layer]?.heads ?? 1)
  }
  const [one, other] = [answerOf(before), answerOf(after)]
  return { ...trial, ...outputs, answer: other, turned: one !== other, attention, similarity: cosine(before.state, after.state), left }
}

export function refusedTrial({ family, token, word }: Trial, reason: string): RefusedTrial {
  return { family, token, word, reason }
}

/** The class, or the token where the model is asked by itself. */
function answerOf({ prediction }: ForwardPass): string | null {
  switch (prediction.kind) {
    case 'classes':
      return prediction.labels[prediction.logits.indexOf(Math.max(...prediction.logits))] ?? null
    case 'tokens':
      return prediction.positions[0]?.candidates[0]?.label ?? null
    case 'tags':
    case 'embedding':
      return null
  }
}

function cosine(one: Float32Array | null, other: Float32Array | null): number | null {
  if (one === null || other === null || one.length !== other.length) return null
  const product = (left: Float32Array, right: Float32Array): number => left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0)
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other))
}

/** A row that stands by itself, for the target's number there. */
export function perturbed(row: TokenRow, position: number | null): PerturbedRow {
  const ids = row.tokens.map(({ id }) => id)
  return { ids, position, embeddings: null, key: `${position} ${ids.join()}` }
}

/** Where a target stands after edits: at the same place from the end, where it stood at the end, else at the same token; undefined where that is gone. */
export function movedPosition(position: number | null, before: TokenRow, after: TokenRow): number | null | undefined {
  if (position === null) return null
  const shift = after.tokens.length - before.tokens.length
  if (position === before.tokens.length - 1) return Math.max(0, position + shift)
  const { a, b } = alignTokens(before.tokens, after.tokens)
  const partner = b[a.indexOf(position)] ?? -1
  return partner < 0 ? undefined : partner
}

/** Words that the gradient proposes for each token. */
const WORDS_EACH = 12
const LIMITS = { beam: 6, size: 4, extensions: 20, answers: 5 }

/** What can be done to one token. */
interface Option {
  readonly edit: (at: number) => TokenEdit
  readonly word: string | null
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
  edited: (edits: readonly TokenEdit[]) => TokenRow,
  schedule: Schedule,
  cancel: Cancel,
  onPart: (part: CounterfactualState) => void,
): Promise<CounterfactualState> {
  const turn = turnsOf(schedule, 'background')
  // A vocabulary's scores are exclusive whatever the model says of its classes.
  const activation = prediction.kind === 'classes' ? prediction.activation : 'softmax'
  const hasGoal = goal === 'halve' ? activation !== 'none' : prediction.kind !== 'classes' || prediction.labels.length > 1
  if (!hasGoal) throw new EngineError('no-such-target', 'The model has no such answer to turn over.')
  const runs =
    model.measuring?.((scores) => (goal === 'halve' ? probabilityOf(scores, target, activation) : leadOf(scores, target))) ?? null
  if (runs === null) throw new EngineError('no-such-target', 'The model has no answer of its own.')
  const [before = Number.NaN] = await outputsInTurns(runs, [perturbed(row, target.position)], turn, cancel)
  if (goal === 'flip' && before < 0) throw new EngineError('already-turned', 'The model answers another thing than the target already.')
  /** What has to be undercut. */
  const bar = goal === 'halve' ? before / 2 : 0
  const slope = moves.includes('replace') && gradients !== null ? await turn(cancel, gradients.input) : null
  const words = slope === null ? [] : await steepestOf(model, slope.gradient, row, cancel)
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
    const changed = isAll ? row : edited(editsOf(edits))
    const position = movedPosition(target.position, row, changed)
    // Where the question itself is gone there is no answer to turn.
    return position === undefined ? perturbed(row, target.position) : perturbed(changed, position)
  }
  const found = ({ edits, margin }: Counterfactual): FoundEdits => ({
    edits: editsOf(edits),
    changes: edits.map(({ token, option }) => ({ token, word: options[token]?.[option]?.word ?? null })),
    margin,
  })
  let last: CounterfactualState = { found: [], closest: null, size: 0, tried: 0, left: 0 }
  const evaluate = async (sets: readonly Edits[]): Promise<Float64Array> =>
    (await outputsInTurns(runs, sets.map(rowOf), turn, cancel)).map((output) => output - bar)
  for await (const part of searchCounterfactuals(candidates, evaluate, LIMITS, cancel)) {
    last = { ...part, found: part.found.map(found), closest: part.closest && found(part.closest) }
    onPart(last)
  }
  return { ...last, left: 0 }
}

/**
 * [T] of words. Token by token, so that a cancel is heard in between: each takes as long as the table is large, which is bounded.
 * @param gradient [T,d]
 */
async function steepestOf(
  { steepest }: LoadedModel,
  gradient: Float32Array,
  row: TokenRow,
  cancel: Cancel,
): Promise<readonly (readonly string[])[]> {
  const width = gradient.length / row.tokens.length
  const words: (readonly string[])[] = []
  for (const [at, token] of row.tokens.entries()) {
    if (steepest === null || !isWholeWord(row, at)) words.push([])
    else {
      await hearCancel(cancel)
      words.push(steepest(gradient.subarray(at * width, (at + 1) * width), token, WORDS_EACH))
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

/** How far the target is ahead of the best other. */
function leadOf(scores: Float32Array, { index }: AttributionTarget): number {
  let best = Number.NEGATIVE_INFINITY
  for (let at = 0; at < scores.length; at++) if (at !== index) best = Math.max(best, scores[at] ?? Number.NEGATIVE_INFINITY)
  return (scores[index] ?? Number.NaN) - best
}

function probabilityOf(scores: Float32Array, { index }: AttributionTarget, activation: Activation): number {
  return targetNumber({ index, foil: null, space: 'probability' }, activation, scores)
}
