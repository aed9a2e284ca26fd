// Attributions against PyTorch's. Of the embedded classifier what takes many runs; of the embedded language model: of a token rather
// than another as the next one.

import { beforeAll, describe, expect, it } from 'vitest'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { type AttributionOptions, DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { LoadedModel } from '#engine/model/model'
import { createSchedule } from '#engine/passes/schedule'
import { viewTarget } from '#engine/passes/target-view'
import { relativeGap } from '#engine/testing/relative-gap'
import type { AttributionTarget } from '#methods/attribution'
import classifierReference from '../../../../fixtures/minilm-reference.json'
import reference from '../../../../fixtures/smollm2-reference.json'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { attribute } from './attribute.ts'
import { expectPath } from './testing/path-agreement.ts'

const OPTIONS: AttributionOptions = { ...DEFAULT_OPTIONS, removal: 'delete' }
type Item = (typeof reference.items)[number]

describe('attributions of the embedded classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 300_000)

  function ask(text: string, method: AttributionMethodId, more: Partial<AttributionOptions> = {}) {
    const target: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }
    const view = viewTarget(model, model.tokenizer.encode(text), target)
    const options: AttributionOptions = { ...DEFAULT_OPTIONS, ...more }
    return attribute(view, { method, target, options, reference: null }, createSchedule(), new AbortController().signal, () => undefined)
  }

  it.each(classifierReference.items)('add up to within 1 % on “$text”', async (item) => {
    expectPath(await ask(item.text, 'integrated-gradients'), item.integrated_gradients_50_midpoint_zero_baseline)
  })

  it.each(classifierReference.items)('from a row of masks are PyTorch’s on “$text”', async (item) => {
    expectPath(await ask(item.text, 'integrated-gradients', { baseline: 'mask' }), item.integrated_gradients_50_midpoint_mask_baseline)
  })

  it('by random words add up to the change from them within their errors', async () => {
    const { values, errors, expectedSum } = await ask('The film is not bad at all.', 'expected-gradients')
    const sum = values.reduce((total, value) => total + value, 0)
    const error = Math.sqrt(errors?.reduce((total, one) => total + one * one, 0) ?? 0)
    expect(Math.abs(sum - (expectedSum ?? 9))).toBeLessThan(3 * error)
    expect(error).toBeGreaterThan(0)
  })
})

describe.each(['float32', 'packed'] as const)('attributions of SmolLM2 with %s weights', (weights) => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/smollm2-135m-instruct', { weights, gradients: 'yes' })).model
  }, 300_000)

  async function ask({ text, target, foil }: Item, method: AttributionMethodId) {
    const row = model.tokenizer.encode(text)
    const asked: AttributionTarget = { index: Number(target[1]), foil: Number(foil[1]), position: row.tokens.length - 1, space: 'score' }
    const view = viewTarget(model, row, asked)
    return attribute(
      view,
      { method, target: asked, options: OPTIONS, reference: null },
      createSchedule(),
      new AbortController().signal,
      () => undefined,
    )
  }

  it.each(reference.items)('are PyTorch’s gradients on “$text”', async (item) => {
    const [norm, product] = [await ask(item, 'saliency'), await ask(item, 'input-x-gradient')]
    expect(relativeGap(norm.values, item.logit_difference_gradient_norm.data)).toBeLessThan(1e-4)
    expect(relativeGap(product.values, item.logit_difference_gradient_x_input.data)).toBeLessThan(1e-4)
    expect(norm.output).toBeCloseTo(item.logit_difference, 3)
  })

  // The shortest: the way from zero takes dozens of runs with gradients.
  it.each(reference.items.slice(0, 1))('say that zero is no beginning for a model of its kind, on “$text”', async (item) => {
    const { doubts, runs, expectedSum } = await ask(item, 'integrated-gradients')
    expect(doubts).toEqual(['sharp-baseline', 'incomplete'])
    expect(runs).toBeLessThan(60)
    expect(expectedSum).toBeCloseTo(item.integrated_gradients_32_midpoint_zero_baseline.expected_sum, 3)
  })

  it('begin well at another text of the same form', async () => {
    const [text, other] = ['The capital of France is', 'The capital of Italy is']
    const row = model.tokenizer.encode(text)
    const best = async (of: string) => {
      const { tokens } = model.tokenizer.encode(of)
      return (await model.answerAt(model.tokenizer.encode(of), tokens.length - 1))?.candidates[0]?.id ?? 0
    }
    const target = { index: await best(text), foil: await best(other), position: row.tokens.length - 1, space: 'score' as const }
    const view = viewTarget(model, row, target)
    const options = { ...OPTIONS, baseline: 'reference' as const }
    const asked = { method: 'integrated-gradients' as const, target, options, reference: model.tokenizer.encode(other) }
    const { values, expectedSum, doubts } = await attribute(view, asked, createSchedule(), new AbortController().signal, () => undefined)
    const sum = values.reduce((total, value) => total + value, 0)
    expect(doubts).toEqual([])
    expect(Math.abs(sum - (expectedSum ?? 0))).toBeLessThan(0.01 * Math.abs(expectedSum ?? 0))
    // France stands where Italy stood.
    expect(values.indexOf(Math.max(...values))).toBe(row.tokens.findIndex(({ label }) => label.trim() === 'France'))
  })
})
