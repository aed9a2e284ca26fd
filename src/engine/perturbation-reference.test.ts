// Perturbation of the embedded classifier as the page asks for it, against the Python libraries on the same weights.

import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Attribution,
  type AttributionMethodId,
  type AttributionOptions,
  type AttributionTarget,
  DEFAULT_OPTIONS,
} from '#methods/attribution'
import { fullCoalition, type Game, type GameAnswer } from '#methods/perturbation/game'
import type { Hierarchy } from '#methods/perturbation/hierarchy'
import { lime } from '#methods/perturbation/lime'
import { partitionShapley } from '#methods/perturbation/partition-shapley'
import peers from '../../fixtures/peers-values.json'
import reference from '../../fixtures/perturbation-reference.json'
import { openModelFolder } from '../../tools/model-folder.ts'
import { attribute, gameOf, seenBy, turnsOf } from './attribute.ts'
import type { LoadedModel } from './model.ts'
import { createSchedule } from './schedule.ts'
import { relativeGap } from './testing/relative-gap.ts'
import { findCounterfactuals } from './what-if.ts'

const OPTIONS = DEFAULT_OPTIONS
const never = new AbortController().signal

type Tree = number | readonly Tree[]

describe('perturbation of the embedded classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 60_000)

  function ask(
    text: string,
    method: AttributionMethodId,
    target: Pick<AttributionTarget, 'index'> & Partial<AttributionTarget>,
    more: Partial<AttributionOptions> = {},
  ): Promise<Attribution> {
    const asked: AttributionTarget = { foil: null, position: null, space: 'score', ...target }
    const view = seenBy(model, model.tokenizer.encode(text), asked)
    const question = { method, target: asked, options: { ...OPTIONS, ...more }, reference: null }
    return attribute(view, question, createSchedule(), never, () => undefined)
  }
  const apart = (found: ArrayLike<number>, wanted: readonly number[]): number =>
    wanted.reduce((most, value, at) => Math.max(most, Math.abs((found[at] ?? Number.NaN) - value)), 0)

  it.each(peers.sentences)(
    'leaves out as PyTorch does in “$text”',
    async ({ text, target, leave_one_out: { positions, mask, delete: deleted } }) => {
      for (const [absence, wanted] of [
        ['mask', mask],
        ['delete', deleted],
      ] as const) {
        for (const [space, values] of [
          ['score', wanted.logit],
          ['probability', wanted.probability],
        ] as const) {
          const found = await ask(text, 'leave-one-out', { index: target, space }, { absence })
          expect(
            apart(
              positions.map((at) => found.values[at] ?? Number.NaN),
              values,
            ),
          ).toBeLessThan(1e-4)
        }
      }
    },
  )

  const short = peers.sentences.filter(({ shapley_exact: { words } }) => words.players.length <= 8)
  it.each(short)(
    'has the Shapley values of all subsets of “$text”',
    { timeout: 60_000 },
    async ({ text, target, shapley_exact: { words } }) => {
      const { values, expectedSum } = await ask(text, 'exact-shapley', { index: target }, { unit: 'word' })
      // Pieces of a word share its value.
      const byWord = words.players.map((tokens) => tokens.reduce((sum, token) => sum + (values[token] ?? Number.NaN), 0))
      expect(apart(byWord, words.logit.values)).toBeLessThan(1e-3)
      expect(expectedSum).toBeCloseTo(words.logit.full - words.logit.empty, 3)
      for (const method of ['sampled-shapley', 'kernel-shap'] as const) {
        const { values: found, errors } = await ask(text, method, { index: target }, { unit: 'word' })
        words.players.forEach((tokens, word) => {
          const value = tokens.reduce((sum, token) => sum + (found[token] ?? 0), 0)
          const error = tokens.reduce((sum, token) => sum + (errors?.[token] ?? 0), 0)
          expect(Math.abs(value - (words.logit.values[word] ?? 9))).toBeLessThan(4 * error + 1e-3)
        })
      }
    },
  )

  // SHAP masks pieces in the text and cuts it anew: words of several pieces become others.
  const whole = reference.partition.filter(({ tokens }) => tokens.every((piece) => !piece.startsWith('##')))
  it.each(whole)(
    'shares out as SHAP’s Partition does by its tree of “$text”',
    { timeout: 60_000 },
    async ({ text, tree, positive, base }) => {
      const target: AttributionTarget = { index: 1, foil: null, position: null, space: 'probability' }
      const view = seenBy(model, model.tokenizer.encode(text), target)
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
    },
  )

  // The library leaves punctuation where it is, and makes one mask of a word's pieces: these words have one.
  it.each(reference.limeRuns)('has the LIME of the library’s 5,000 samples of “$text”', { timeout: 60_000 }, async (run) => {
    const target: AttributionTarget = { index: run.target, foil: null, position: null, space: 'probability' }
    const row = model.tokenizer.encode(run.text)
    const whole = await gameOf(seenBy(model, row, target), target, OPTIONS, turnsOf(createSchedule(), 'background'), never)
    const players = run.words.map((start) => whole.units.findIndex(([token = -1]) => row.tokens[token]?.start === start))
    const ofWords: Game = {
      players: players.length,
      passes: whole.passes,
      payoffs: (coalitions, cancel) =>
        whole.payoffs(
          coalitions.map((coalition) => fullCoalition(whole.players).map((_, unit) => coalition[players.indexOf(unit)] ?? 1)),
          cancel,
        ),
    }
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
  })

  it.each(peers.sentences.filter(({ attention_flow_from_cls: flow }) => flow !== null))(
    'lets attention flow as networkx does in “$text”',
    async ({ text, target, attention_flow_from_cls: flow, gradient }) => {
      expect(apart((await ask(text, 'attention-flow', { index: target })).values, flow ?? [])).toBeLessThan(1e-4)
      // The slope along the embedding, times its length, is input x gradient.
      const [signed, product] = [
        await ask(text, 'signed-saliency', { index: target }),
        await ask(text, 'input-x-gradient', { index: target }),
      ]
      expect(relativeGap(product.values, gradient.input_x_gradient)).toBeLessThan(1e-4)
      expect(Array.from(signed.values, Math.sign)).toEqual(Array.from(product.values, Math.sign))
    },
  )

  it('takes away by zeros, padding and neighbours, too, each in its own way', async () => {
    const text = 'Dull characters ruin a clever idea.'
    const all = await Promise.all(
      (['mask', 'pad', 'zero', 'neighbour'] as const).map((absence) => ask(text, 'leave-one-out', { index: 0 }, { absence, unit: 'word' })),
    )
    const told = all.map(({ values }) => Array.from(values, (value) => value.toFixed(3)).join())
    expect(new Set(told).size).toBe(4)
    expect(all.every(({ values }) => values.every(Number.isFinite))).toBe(true)
    expect(model.card.absences).toEqual(['mask', 'delete', 'pad', 'zero', 'neighbour'])
  })

  it('says how many units are too many to try every combination', async () => {
    const text = 'I wanted to love it, but the ending is terrible and so is the rest.'
    await expect(ask(text, 'exact-shapley', { index: 0 })).rejects.toMatchObject({ kind: 'too-many-units', data: { most: 12 } })
  })

  it('finds no change for a target that is not the answer', async () => {
    const target: AttributionTarget = { index: 0, foil: null, position: null, space: 'score' }
    const row = model.tokenizer.encode('The film is not bad at all.')
    const question = { target, goal: 'flip' as const, moves: ['delete' as const] }
    const search = findCounterfactuals(
      model,
      seenBy(model, row, target),
      (await model.run(row)).prediction,
      question,
      () => row,
      createSchedule(),
      never,
      () => undefined,
    )
    await expect(search).rejects.toMatchObject({ kind: 'already-turned' })
  })

  it('costs nothing where it was asked before', async () => {
    const target: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }
    const view = seenBy(model, model.tokenizer.encode('A great film.'), target)
    const runs = async (method: AttributionMethodId): Promise<readonly [all: number, known: number]> => {
      const asked = { method, target, options: OPTIONS, reference: null }
      const answer = await attribute(view, asked, createSchedule(), never, () => undefined)
      return [answer.runs, answer.known]
    }
    expect(await runs('exact-shapley')).toEqual([16, 0])
    expect([await runs('leave-one-out'), await runs('kernel-shap')]).toEqual([
      [5, 5],
      [16, 16],
    ])
  })

  it('blurs embeddings, the more the further', { timeout: 60_000 }, async () => {
    const text = 'A great film.'
    const [little, much] = [
      await ask(text, 'embedding-noise', { index: 1 }, { noise: 0.1 }),
      await ask(text, 'embedding-noise', { index: 1 }, { noise: 1 }),
    ]
    const length = ({ values }: Attribution): number => Math.hypot(...values)
    expect(length(much)).toBeGreaterThan(2 * length(little))
    expect(much.errors?.every((error) => error > 0)).toBe(true)
  })
})

/** A tree over tokens without those that are no players; null where none is left. */
function playersOf(tree: Tree, players: ReadonlyMap<number, number>): Hierarchy | null {
  if (typeof tree === 'number') return players.get(tree) ?? null
  const parts = tree.map((part) => playersOf(part, players)).filter((part) => part !== null)
  const [left, right] = parts
  if (left === undefined) return null
  return right === undefined ? left : [left, right]
}
