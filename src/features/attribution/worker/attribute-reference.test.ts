// Attributions of the embedded classifier as the page asks for them, against PyTorch's; what takes many runs, of one sentence.
// Every sentence: attribute-reference.full.test.ts.

import { beforeAll, describe, expect, it } from 'vitest'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { type AttributionOptions, DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { LoadedModel } from '#engine/model/model'
import type { GradientPasses } from '#engine/passes/gradient-passes'
import { createSchedule } from '#engine/passes/schedule'
import { viewTarget } from '#engine/passes/target-view'
import { relativeGap } from '#engine/testing/relative-gap'
import { headImportance } from '#methods/attention/gradient-x-attention'
import { relevanceMatrix } from '#methods/attention/relevance'
import { rolledOut } from '#methods/attention/rollout'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import { rankCorrelation } from '#tensor/rank-correlation'
import reference from '../../../../fixtures/minilm-reference.json'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { attribute } from './attribute.ts'
import { expectPath } from './testing/path-agreement.ts'

const OPTIONS = DEFAULT_OPTIONS
const TARGET: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }

describe('attributions of the embedded classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 60_000)

  function runsOf(text: string, target: AttributionTarget = TARGET): GradientPasses {
    const runs = model.runsOf?.(model.tokenizer.encode(text), target)
    if (runs === undefined) throw new Error('no gradients')
    return runs
  }

  function ask(
    text: string,
    method: AttributionMethodId,
    target: Partial<AttributionTarget> = {},
    more: Partial<AttributionOptions> = {},
    referenceText: string | null = null,
  ): Promise<Attribution> {
    const asked = { ...TARGET, ...target }
    const view = viewTarget(model, model.tokenizer.encode(text), asked)
    const options: AttributionOptions = { ...OPTIONS, ...more }
    const reference = referenceText === null ? null : model.tokenizer.encode(referenceText)
    return attribute(view, { method, target: asked, options, reference }, createSchedule(), new AbortController().signal, () => undefined)
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

  it.each(reference.items.slice(0, 1))('add up to within 1 % on “$text”', { timeout: 60_000 }, async (item) => {
    expectPath(await ask(item.text, 'integrated-gradients'), item.integrated_gradients_50_midpoint_zero_baseline)
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

  it.each(reference.items.slice(0, 1))('from a row of masks are PyTorch’s on “$text”', { timeout: 60_000 }, async (item) => {
    expectPath(await ask(item.text, 'integrated-gradients', {}, { baseline: 'mask' }), item.integrated_gradients_50_midpoint_mask_baseline)
  })

  it('from another text of as many tokens add up to the difference of the two answers', { timeout: 60_000 }, async () => {
    const [one, other] = ['The film is not bad at all.', 'The film is so bad at all.']
    const { values, expectedSum, output } = await ask(one, 'integrated-gradients', {}, { baseline: 'reference' }, other)
    const there = await ask(other, 'saliency')
    expect(expectedSum).toBeCloseTo(output - there.output, 4)
    // Only where the texts differ can anything be said to have changed it.
    expect(Array.from(values).flatMap((value, token) => (value === 0 ? [] : [token]))).toEqual([4])
    expect(Math.abs((values[4] ?? 9) - (expectedSum ?? 0))).toBeLessThan(0.01 * Math.abs(expectedSum ?? 0))
  })

  it('from the mean of the vocabulary add up, too', { timeout: 60_000 }, async () => {
    const { values, expectedSum = 0 } = await ask('The film is not bad at all.', 'integrated-gradients', {}, { baseline: 'mean' })
    const missing = values.reduce((total, value) => total + value, 0) - (expectedSum ?? 0)
    expect(Math.abs(missing)).toBeLessThan(Math.max(0.01 * Math.abs(expectedSum ?? 0), 1e-3))
  })

  it.each(reference.items)('by attention are PyTorch’s on “$text”', async (item) => {
    const { tokens } = item
    const { layers, readOut } = await runsOf(item.text).attention()
    expect(relativeGap(Float32Array.from(rolledOut(layers, tokens.length)), item.rollout_mean_heads_half_identity.data)).toBeLessThan(1e-5)
    expect(relativeGap(Float32Array.from(relevanceMatrix(layers, tokens.length)), item.chefer_relevance_class1.data)).toBeLessThan(1e-4)
    // The classifier reads its first token.
    expect(Array.from(readOut)).toEqual(tokens.map((_, at) => (at === 0 ? 1 : 0)))
    const { values } = await ask(item.text, 'rollout')
    expect(relativeGap(values, item.rollout_mean_heads_half_identity.data.slice(0, tokens.length))).toBeLessThan(1e-5)
  })

  it('of attention add up to what heads matter, which is close to what their loss does', async () => {
    for (const item of reference.items.slice(0, 3)) {
      const importance = headImportance((await runsOf(item.text).attention()).layers)
      const { values } = await ask(item.text, 'gradient-x-attention')
      const [tokens, heads] = [values, importance].map((all) => all.reduce((total, value) => total + value, 0))
      expect(tokens).toBeCloseTo(heads ?? Number.NaN, 3)
      const lost = Array.from(importance, (_, head) => (item.logits.data[1] ?? 0) - (item.logits_with_head_ablated.data[2 * head + 1] ?? 0))
      expect(rankCorrelation(importance, Float32Array.from(lost))).toBeGreaterThan(0.6)
    }
  })

  it('at the residual stream are one pass, and at the embeddings what their norms leave of input x gradient', async () => {
    const text = 'The film is not bad at all.'
    const { values, layers, runs } = await ask(text, 'layer-gradients', {}, { layer: 6 })
    expect(runs).toBe(1)
    expect(layers).toHaveLength(7 * values.length)
    expect(layers?.subarray(6 * values.length)).toEqual(values)
    // Behind the last layer only the first token is read, and the norm before it takes out what is along itself.
    expect(Array.from(values).flatMap((value, token) => (value === 0 ? [] : [token]))).toEqual([0])
  })
})
