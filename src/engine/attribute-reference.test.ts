// Attributions of the embedded classifier as the page asks for them, against PyTorch's.

import { beforeAll, describe, expect, it } from 'vitest'
import type { Attribution, AttributionMethodId, AttributionTarget } from '#methods/attribution'
import reference from '../../fixtures/minilm-reference.json'
import { openModelFolder } from '../../tools/model-folder.ts'
import { attribute } from './attribute.ts'
import type { LoadedModel } from './model.ts'
import { createSchedule } from './schedule.ts'
import { relativeGap } from './testing/relative-gap.ts'

const TARGET: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }

describe('attributions of the embedded classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 60_000)

  function ask(text: string, method: AttributionMethodId, target: Partial<AttributionTarget> = {}): Promise<Attribution> {
    const asked = { ...TARGET, ...target }
    const runs = model.runsOf?.(model.tokenizer.encode(text), asked)
    if (runs === undefined) throw new Error('no gradients')
    return attribute(runs, method, asked, createSchedule(), new AbortController().signal, () => undefined)
  }

  it('are possible, and the card says so', () => {
    expect(model.card.gradients).toBe('yes')
    expect(model.card.passes.map(({ pass }) => pass)).toContain('add-gradients')
  })

  it.each(reference.items)(
    'are PyTorch’s gradients on “$text”',
    async ({ text, gradient_norm: norms, gradient_x_input: products, logits }) => {
      const [norm, product] = [await ask(text, 'saliency'), await ask(text, 'input-x-gradient')]
      expect(relativeGap(norm.values, norms.data)).toBeLessThan(1e-4)
      expect(relativeGap(product.values, products.data)).toBeLessThan(1e-4)
      expect(Math.abs(norm.output - (logits.data[1] ?? Number.NaN))).toBeLessThan(1e-4)
    },
  )

  it.each(reference.items)('add up to within 1 % on “$text”', { timeout: 60_000 }, async (item) => {
    const { values: golden, sum: goldenSum, expected_sum: goldenExpected } = item.integrated_gradients_50_midpoint_zero_baseline
    const { values, expectedSum, doubts, left } = await ask(item.text, 'integrated-gradients')
    const sum = values.reduce((total, value) => total + value, 0)
    expect(expectedSum).toBeCloseTo(goldenExpected, 3)
    expect(Math.abs(sum - goldenExpected)).toBeLessThan(0.01 * Math.abs(goldenExpected))
    expect({ doubts, left }).toEqual({ doubts: [], left: 0 })
    // Neither is exact: the reference takes 50 equal steps, ours 1 % of the sum.
    const unsure = Math.abs(goldenSum - goldenExpected) + 0.01 * Math.abs(goldenExpected)
    values.forEach((value, token) => {
      expect(Math.abs(value - (golden.data[token] ?? Number.NaN))).toBeLessThan(unsure)
    })
  })

  it('of a probability add up to its change', { timeout: 60_000 }, async () => {
    const { values, expectedSum, output } = await ask('The film is not bad at all.', 'integrated-gradients', { space: 'probability' })
    expect(output).toBeGreaterThan(0.9)
    expect(output).toBeLessThan(1)
    expect(Math.abs(expectedSum ?? 9)).toBeLessThan(1)
    const missing = values.reduce((total, value) => total + value, 0) - (expectedSum ?? 0)
    expect(Math.abs(missing)).toBeLessThan(Math.max(0.01 * Math.abs(expectedSum ?? 0), 1e-3))
  })

  it('of a difference are the differences of those of both', async () => {
    const text = 'The film is not bad at all.'
    const [one, other] = [await ask(text, 'input-x-gradient'), await ask(text, 'input-x-gradient', { index: 0 })]
    const { values } = await ask(text, 'input-x-gradient', { foil: 0 })
    expect(
      relativeGap(
        values,
        one.values.map((value, token) => value - (other.values[token] ?? 0)),
      ),
    ).toBeLessThan(1e-4)
  })

  it('by SmoothGrad are another answer than by the gradient alone, and no number is missing', { timeout: 60_000 }, async () => {
    const text = 'I wanted to love it, but the jokes fall flat.'
    const [smooth, plain] = [await ask(text, 'smoothgrad'), await ask(text, 'input-x-gradient')]
    expect(smooth.runs).toBe(25)
    expect(smooth.values.every(Number.isFinite)).toBe(true)
    expect(relativeGap(smooth.values, plain.values)).toBeGreaterThan(0.01)
  })
})
