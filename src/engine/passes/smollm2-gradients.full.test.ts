// The embedded language model's gradients: of the difference of two tokens' scores at the last position.

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { addGradients, type GradientPlan } from '#autodiff/add-gradients'
import { openModel } from '#graph/open-model'
import { type PreparedModel, tapModel, writeInstrumented } from '#graph/prepare'
import type { Tensor } from '#tensor/tensor'
import reference from '../../../fixtures/smollm2-reference.json'
import { type GraphSession, loadRuntime } from '../runtime/session.ts'
import { tiled } from '../testing/reference-gradients.ts'
import { relativeGap } from '../testing/relative-gap.ts'
import { buildFeeds } from './feeds.ts'
import { embeddingFeeds, gradientFeeds } from './gradient-feeds.ts'
import { restingFeeds, runFeeds } from './run-feeds.ts'

const FOLDER = 'public/models/smollm2-135m-instruct/onnx'
const LAYOUT = { heads: 3, headWidth: 64 }
const STEPS = 32

type Item = (typeof reference.items)[number]

describe.each(['packed', 'float32'] as const)('gradients of SmolLM2 with %s weights', (weights) => {
  let prepared: PreparedModel
  let plan: GradientPlan
  let session: GraphSession

  beforeAll(async () => {
    const read = (name: string) => new Uint8Array(readFileSync(`${FOLDER}/${name}`))
    const added = addGradients(tapModel(openModel(read('model_q4.onnx'), { external: read }), { weights, pickPositions: true }))
    plan = added.plan
    prepared = writeInstrumented(added.model)
    const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
    session = await runtime.create(prepared, 'wasm')
  }, 300_000)

  async function differentiate({ ids, target, foil }: Item, embeddings: Tensor | null = null) {
    const batch = embeddings?.dims[0] ?? 1
    const elements = [
      { index: Number(target[1]), weight: 1 },
      { index: Number(foil[1]), weight: -1 },
    ]
    const feeds = {
      ...restingFeeds(prepared.ports),
      ...tiled(buildFeeds(prepared.inputs, { ids }, LAYOUT), batch),
      ...gradientFeeds(plan, { position: ids.length - 1, elements, space: 'score' }, [batch]),
      ...(embeddings === null ? {} : embeddingFeeds(plan, embeddings)),
    }
    const { outputs } = plan
    const words = prepared.outputs.embeddings ?? ''
    const results = await session.run(feeds, [outputs.scores, outputs.embeddings ?? '', words, ...outputs.attentions])
    const data = (name: string | null) => results[name ?? '']?.data ?? new Float32Array()
    return {
      scores: data(outputs.scores),
      gradient: data(outputs.embeddings),
      embeddings: data(words),
      attentions: outputs.attentions.map(data),
    }
  }

  it('meet the vocabulary with two rows only', () => expect(plan.inputs.chosen).not.toBeNull())

  it.each(reference.items)('agree with PyTorch on "$text"', async (item) => {
    const tokens = item.ids.length
    const { scores, gradient, embeddings, attentions } = await differentiate(item)
    expect(scores[0]).toBeCloseTo(item.target_logit, 3)
    expect(scores[1]).toBeCloseTo(item.foil_logit, 3)
    const width = gradient.length / tokens
    const rows = item.ids.map((_, row) => Array.from(gradient.subarray(row * width, (row + 1) * width)))
    const norms = rows.map((row) => Math.hypot(...row))
    const products = rows.map((row, place) => row.reduce((sum, value, at) => sum + value * (embeddings[place * width + at] ?? 0), 0))
    const lastRows = attentions.flatMap((layer) =>
      Array.from({ length: 9 }, (_, head) =>
        Array.from(layer.subarray(((head + 1) * tokens - 1) * tokens, (head + 1) * tokens * tokens)),
      ).flat(),
    )
    expect(relativeGap(norms, item.logit_difference_gradient_norm.data)).toBeLessThan(1e-4)
    expect(relativeGap(products, item.logit_difference_gradient_x_input.data)).toBeLessThan(1e-4)
    expect(relativeGap(lastRows, item.attention_gradient_last_row.data)).toBeLessThan(1e-4)
  })

  it('are taken along a path of fed embeddings', async () => {
    const [item] = reference.items
    if (item === undefined) throw new Error('no golden value')
    const tokens = item.ids.length
    const { embeddings } = await differentiate(item)
    const path = Float32Array.from({ length: STEPS * embeddings.length }, (_, at) => {
      return ((Math.floor(at / embeddings.length) + 0.5) / STEPS) * (embeddings[at % embeddings.length] ?? 0)
    })
    const { gradient } = await differentiate(item, { dims: [STEPS, tokens, embeddings.length / tokens], data: path })
    const found = new Array<number>(tokens).fill(0)
    gradient.forEach((value, at) => {
      const place = at % embeddings.length
      const token = Math.floor((place * tokens) / embeddings.length)
      found[token] = (found[token] ?? 0) + (value * (embeddings[place] ?? 0)) / STEPS
    })
    expect(relativeGap(found, item.integrated_gradients_32_midpoint_zero_baseline.values.data)).toBeLessThan(1e-3)
  })

  it('are not computed where they are not asked for', async () => {
    const feeds = runFeeds(prepared, [{ ids: [504, 3575] }], LAYOUT)
    const results = await session.run(feeds, [prepared.outputs.logits, plan.outputs.embeddings ?? ''])
    expect(results[plan.outputs.embeddings ?? '']?.data).toHaveLength(0)
    expect(results[prepared.outputs.logits]?.dims).toEqual([1, 1, 49_152])
  })
})
