// Perturbation of the embedded classifier as the page asks for it, against the Python libraries on the same weights: the
// quicker sentences. Every one: perturbation-reference.full.test.ts.

import { beforeAll, describe, expect, it } from 'vitest'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { LoadedModel } from '#engine/model/model'
import { createSchedule } from '#engine/passes/schedule'
import { viewTarget } from '#engine/passes/target-view'
import { relativeGap } from '#engine/testing/relative-gap'
import { never } from '#engine/testing/toy-model.fixture'
import type { AttributionTarget } from '#methods/attribution'
import peers from '../../../../fixtures/peers-values.json'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { attribute } from './attribute.ts'
import {
  apart,
  ask,
  expectLeaveOneOut,
  expectLime,
  expectPartition,
  expectShapley,
  withLime,
  withPartition,
  withShapley,
} from './testing/perturbation-agreement.ts'

const OPTIONS = DEFAULT_OPTIONS
/** Few words; in the last text one of several pieces. */
const QUICK = ['A great film.', 'Dull characters ruin a clever idea.', 'An unforgettable, heartbreaking masterpiece.']

const quick = <Item extends { readonly text: string }>(items: readonly Item[], ...texts: readonly string[]): readonly Item[] => {
  const found = items.filter(({ text }) => texts.includes(text))
  expect(found).toHaveLength(texts.length)
  return found
}

describe('perturbation of the embedded classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 60_000)

  it.each(quick(peers.sentences, ...QUICK))('leaves out as PyTorch does in “$text”', (sentence) => expectLeaveOneOut(model, sentence))

  it.each(quick(withShapley, QUICK[0] ?? '', QUICK[2] ?? ''))('has the Shapley values of all subsets of “$text”', (sentence) =>
    expectShapley(model, sentence),
  )

  it.each(quick(withPartition, QUICK[0] ?? '', QUICK[1] ?? ''))('shares out as SHAP’s Partition does by its tree of “$text”', (run) =>
    expectPartition(model, run),
  )

  it.each(quick(withLime, QUICK[1] ?? ''))('has the LIME of the library’s 5,000 samples of “$text”', (run) => expectLime(model, run))

  it.each(peers.sentences.filter(({ attention_flow_from_cls: flow }) => flow !== null))(
    'lets attention flow as networkx does in “$text”',
    async ({ text, target, attention_flow_from_cls: flow, gradient }) => {
      expect(apart((await ask(model, text, 'attention-flow', { index: target })).values, flow ?? [])).toBeLessThan(1e-4)
      // The slope along the embedding, times its length, is input x gradient.
      const [signed, product] = [
        await ask(model, text, 'signed-saliency', { index: target }),
        await ask(model, text, 'input-x-gradient', { index: target }),
      ]
      expect(relativeGap(product.values, gradient.input_x_gradient)).toBeLessThan(1e-4)
      expect(Array.from(signed.values, Math.sign)).toEqual(Array.from(product.values, Math.sign))
    },
  )

  it('takes away by zeros, padding and neighbours, too, each in its own way', async () => {
    const text = 'Dull characters ruin a clever idea.'
    const all = await Promise.all(
      (['mask', 'pad', 'zero', 'neighbour'] as const).map((removal) =>
        ask(model, text, 'leave-one-out', { index: 0 }, { removal, unit: 'word' }),
      ),
    )
    const told = all.map(({ values }) => Array.from(values, (value) => value.toFixed(3)).join())
    expect(new Set(told).size).toBe(4)
    expect(all.every(({ values }) => values.every(Number.isFinite))).toBe(true)
    expect(model.card.removals).toEqual(['mask', 'delete', 'pad', 'zero', 'neighbour'])
  })

  it('says how many units are too many to try every combination', async () => {
    const text = 'I wanted to love it, but the ending is terrible and so is the rest.'
    await expect(ask(model, text, 'exact-shapley', { index: 0 })).rejects.toMatchObject({ kind: 'too-many-units', data: { most: 12 } })
  })

  it('costs nothing where it was asked before', async () => {
    const target: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }
    const view = viewTarget(model, model.tokenizer.encode('A great film.'), target)
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
})
