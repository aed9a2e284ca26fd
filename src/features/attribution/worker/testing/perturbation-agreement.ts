// Perturbation of the embedded classifier as the page asks for it must agree with the Python libraries on the same weights: as assertions.

import { expect } from 'vitest'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { type AttributionOptions, DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { LoadedModel } from '#engine/model/model'
import { createSchedule } from '#engine/passes/schedule'
import { gameOf, turnsOf, viewTarget } from '#engine/passes/target-view'
import { gameOfWords } from '#engine/testing/game-of-words'
import { never } from '#engine/testing/toy-model.fixture'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import type { GameAnswer } from '#methods/games/game'
import type { Hierarchy } from '#methods/games/hierarchy'
import { lime } from '#methods/games/lime/lime'
import { partitionShapley } from '#methods/games/shapley/partition-shapley'
import peers from '../../../../../fixtures/peers-values.json'
import reference from '../../../../../fixtures/perturbation-reference.json'
import { attribute } from '../attribute.ts'

const OPTIONS = DEFAULT_OPTIONS

type Tree = number | readonly Tree[]
type Sentence = (typeof peers.sentences)[number]

/** Those of at most eight words, whose subsets the library tried. */
export const withShapley = peers.sentences.filter(({ shapley_exact: { words } }) => words.players.length <= 8)
/** SHAP masks pieces in the text and cuts it anew: words of several pieces become others. */
export const withPartition = reference.partition.filter(({ tokens }) => tokens.every((piece) => !piece.startsWith('##')))
/** The library leaves punctuation where it is, and makes one mask of a word's pieces: these words have one. */
export const withLime = reference.limeRuns

export function ask(
  model: LoadedModel,
  text: string,
  method: AttributionMethodId,
  target: Pick<AttributionTarget, 'index'> & Partial<AttributionTarget>,
  more: Partial<AttributionOptions> = {},
): Promise<Attribution> {
  const asked: AttributionTarget = { foil: null, position: null, space: 'score', ...target }
  const view = viewTarget(model, model.tokenizer.encode(text), asked)
  const question = { method, target: asked, options: { ...OPTIONS, ...more }, reference: null }
  return attribute(view, question, createSchedule(), never, () => undefined)
}

/** The largest difference. */
export const apart = (found: ArrayLike<number>, wanted: readonly number[]): number =>
  wanted.reduce((most, value, at) => Math.max(most, Math.abs((found[at] ?? Number.NaN) - value)), 0)

export async function expectLeaveOneOut(
  model: LoadedModel,
  { text, target, leave_one_out: { positions, mask, delete: deleted } }: Sentence,
): Promise<void> {
  for (const [removal, wanted] of [
    ['mask', mask],
    ['delete', deleted],
  ] as const) {
    for (const [space, values] of [
      ['score', wanted.logit],
      ['probability', wanted.probability],
    ] as const) {
      const found = await ask(model, text, 'leave-one-out', { index: target, space }, { removal })
      expect(
        apart(
          positions.map((at) => found.values[at] ?? Number.NaN),
          values,
        ),
      ).toBeLessThan(1e-4)
    }
  }
}

export async function expectShapley(model: LoadedModel, { text, target, shapley_exact: { words } }: Sentence): Promise<void> {
  const { values, expectedSum } = await ask(model, text, 'exact-shapley', { index: target }, { unit: 'word' })
  // Pieces of a word share its value.
  const byWord = words.players.map((tokens) => tokens.reduce((sum, token) => sum + (values[token] ?? Number.NaN), 0))
  expect(apart(byWord, words.logit.values)).toBeLessThan(1e-3)
  expect(expectedSum).toBeCloseTo(words.logit.full - words.logit.empty, 3)
  for (const method of ['sampled-shapley', 'kernel-shap'] as const) {
    const { values: found, errors } = await ask(model, text, method, { index: target }, { unit: 'word' })
    words.players.forEach((tokens, word) => {
      const value = tokens.reduce((sum, token) => sum + (found[token] ?? 0), 0)
      const error = tokens.reduce((sum, token) => sum + (errors?.[token] ?? 0), 0)
      expect(Math.abs(value - (words.logit.values[word] ?? 9))).toBeLessThan(4 * error + 1e-3)
    })
  }
}

export async function expectPartition(model: LoadedModel, { text, tree, positive, base }: (typeof withPartition)[number]): Promise<void> {
  const target: AttributionTarget = { index: 1, foil: null, position: null, space: 'probability' }
  const view = viewTarget(model, model.tokenizer.encode(text), target)
  const game = await gameOf(view, target, OPTIONS, turnsOf(createSchedule(), 'background'), never)
  // The tokenizer's own tokens always stay: they are no players.
  const players = new Map(game.units.map(([token = -1], player) => [token, player]))
  let last = new Float64Array()
  for await (const { values, expectedSum, output } of partitionShapley(playersOf(tree, players) ?? 0)(game, never)) {
    last = Float64Array.from(values)
    expect(output - (expectedSum ?? 9)).toBeCloseTo(base, 4)
  }
  expect(
    apart(
      Array.from(players, ([, player]) => last[player] ?? Number.NaN),
      Array.from(players, ([token]) => positive[token] ?? 0),
    ),
  ).toBeLessThan(1e-3)
}

export async function expectLime(model: LoadedModel, run: (typeof withLime)[number]): Promise<void> {
  const target: AttributionTarget = { index: run.target, foil: null, position: null, space: 'probability' }
  const ofWords = await gameOfWords(model, run.text, target, OPTIONS, run.words, never)
  let last: GameAnswer | null = null
  for await (const answer of lime(0)(ofWords, never)) last = answer
  const [one = [], other = []] = run.coefficients
  const mean = one.map((value, word) => (value + (other[word] ?? 0)) / 2)
  // As far apart as two runs of the library are, and what is not run here.
  const between = Math.hypot(...one.map((value, word) => value - (other[word] ?? 0)))
  const gap = Math.hypot(...mean.map((value, word) => value - (last?.values[word] ?? 9)))
  expect(gap).toBeLessThan(between + 2 * Math.hypot(...(last?.errors ?? [])))
  expect(gap).toBeLessThan(0.1 * Math.hypot(...mean))
  // Of a hundredth of the samples.
  expect(Math.abs((last?.figures?.r2 ?? 9) - (run.r2[0] ?? 0))).toBeLessThan(0.15)
  expect(Math.abs((last?.surrogate?.intercept ?? 9) - (run.intercept[0] ?? 0))).toBeLessThan(0.05)
}

/** A tree over tokens without those that are no players; null where none is left. */
function playersOf(tree: Tree, players: ReadonlyMap<number, number>): Hierarchy | null {
  if (typeof tree === 'number') return players.get(tree) ?? null
  const parts = tree.map((part) => playersOf(part, players)).filter((part) => part !== null)
  const [left, right] = parts
  if (left === undefined) return null
  return right === undefined ? left : [left, right]
}
