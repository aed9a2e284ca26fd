// The embedded classifier's gradients by the same steps in Node and in a browser, against its golden values.

import { addGradients, type GradientPlan } from '#autodiff/add-gradients'
import { openModel } from '#graph/open-model'
import { type PreparedModel, tapModel, writeInstrumented } from '#graph/prepare'
import type { Backend } from '#protocol/model-api'
import type { Tensor } from '#tensor/tensor'
import reference from '../../../fixtures/minilm-reference.json'
import { buildFeeds } from '../passes/feeds.ts'
import { embeddingFeeds, type GradientTarget, gradientFeeds } from '../passes/gradient-feeds.ts'
import { restingFeeds, runFeeds } from '../passes/run-feeds.ts'
import { type Feeds, type GraphSession, loadRuntime } from '../runtime/session.ts'
import { relativeGap } from './relative-gap.ts'

export type GoldenItem = (typeof reference.items)[number]
export const goldenItems: readonly GoldenItem[] = reference.items

export interface DifferentiatedModel {
  readonly prepared: PreparedModel
  readonly plan: GradientPlan
  readonly session: GraphSession
}

/** @param assets folder of the runtime's files, null in Node */
export async function startDifferentiated(bytes: Uint8Array, backend: Backend, assets: string | null): Promise<DifferentiatedModel> {
  const { model, plan } = addGradients(tapModel(openModel(bytes)), { activation: 'softmax' })
  const prepared = writeInstrumented(model)
  const runtime = await loadRuntime({ backend, threads: 1, assets })
  return { prepared, plan, session: await runtime.create(prepared, backend) }
}

const NO_CACHE = { heads: null, headWidth: null }
const POSITIVE = 1

export function targetOf(weights: readonly number[], space: GradientTarget['space'] = 'score'): GradientTarget {
  return { position: null, elements: weights.map((weight, index) => ({ index, weight })), space }
}

export interface GradientAnswer {
  readonly scores: Tensor
  /** [B,T,d] */
  readonly gradient: Tensor
  /** [B,H,T,T] of each layer. */
  readonly attentions: readonly Tensor[]
  /** [B,T,d] */
  readonly embeddings: Tensor
}

/** @param embeddings a batch of embeddings in place of those of the ids */
export async function differentiate(
  { prepared, plan, session }: DifferentiatedModel,
  ids: readonly number[],
  target: GradientTarget,
  embeddings: Tensor | null = null,
): Promise<GradientAnswer> {
  const batch = embeddings?.dims[0] ?? 1
  const feeds = {
    ...restingFeeds(prepared.ports),
    ...tiled(buildFeeds(prepared.inputs, { ids }, NO_CACHE), batch),
    ...gradientFeeds(plan, target, [batch, reference.items[0]?.logits.data.length ?? 0]),
    ...(embeddings === null ? {} : embeddingFeeds(plan, embeddings)),
  }
  const { outputs } = plan
  const words = prepared.outputs.embeddings ?? ''
  const results = await session.run(feeds, [outputs.scores, outputs.embeddings ?? '', ...outputs.attentions, words])
  const read = (name: string): Tensor => results[name] ?? { dims: [], data: new Float32Array() }
  return {
    scores: read(outputs.scores),
    gradient: read(outputs.embeddings ?? ''),
    attentions: outputs.attentions.map(read),
    embeddings: read(words),
  }
}

/** The answer without gradients. */
export async function answerOnly({ prepared, session }: DifferentiatedModel, ids: readonly number[]): Promise<Tensor | undefined> {
  return (await session.run(runFeeds(prepared, [{ ids }], NO_CACHE), [prepared.outputs.logits]))[prepared.outputs.logits]
}

/** Every input once for each element of a batch. */
export function tiled(feeds: Feeds, batch: number): Feeds {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, feed]) => {
      const { dims, data } = feed
      const all = data instanceof BigInt64Array ? new BigInt64Array(data.length * batch) : new Float32Array(data.length * batch)
      for (let at = 0; at < batch; at++) {
        if (all instanceof BigInt64Array && data instanceof BigInt64Array) all.set(data, at * data.length)
        else if (all instanceof Float32Array && data instanceof Float32Array) all.set(data, at * data.length)
        else throw new TypeError(`${name} is neither int64 nor float32`)
      }
      return [name, { ...feed, dims: [batch, ...dims.slice(1)], data: all }]
    }),
  )
}

/** Largest differences from the golden values, each by the largest of them. */
export interface GoldenGaps {
  readonly norm: number
  readonly timesInput: number
  readonly attentions: number
}

export async function goldenGaps(model: DifferentiatedModel, item: GoldenItem): Promise<GoldenGaps> {
  const weights = [0, 0].with(POSITIVE, 1)
  const { gradient, embeddings, attentions } = await differentiate(model, item.ids, targetOf(weights))
  const tokens = item.ids.length
  const product = gradient.data.map((value, at) => value * (embeddings.data[at] ?? 0))
  const norms = attentions.flatMap(({ dims, data }) => {
    const size = tokens * tokens
    return Array.from({ length: dims[1] ?? 0 }, (_, head) => Math.hypot(...data.subarray(head * size, (head + 1) * size)))
  })
  return {
    norm: relativeGap(
      rowsOf(gradient.data, tokens).map((row) => Math.hypot(...row)),
      item.gradient_norm.data,
    ),
    timesInput: relativeGap(sums(product, tokens), item.gradient_x_input.data),
    attentions: relativeGap(norms, item.attention_gradient_norms.data),
  }
}

/** Integrated gradients along the straight path from a baseline, midpoint rule (Sundararajan et al., 2017), summed for each token. */
export async function integratedGradients(
  model: DifferentiatedModel,
  ids: readonly number[],
  target: GradientTarget,
  baseline: Float32Array,
  steps: number,
): Promise<readonly number[]> {
  const { embeddings } = await differentiate(model, ids, target)
  const size = embeddings.data.length
  const path = new Float32Array(size * steps)
  for (let step = 0; step < steps; step++) {
    const part = (step + 0.5) / steps
    embeddings.data.forEach((value, at) => {
      path[step * size + at] = (baseline[at] ?? 0) + part * (value - (baseline[at] ?? 0))
    })
  }
  const { gradient } = await differentiate(model, ids, target, { dims: [steps, ...embeddings.dims.slice(1)], data: path })
  const mean = new Float64Array(size)
  gradient.data.forEach((value, at) => {
    mean[at % size] = (mean[at % size] ?? 0) + value / steps
  })
  return sums(
    mean.map((value, at) => value * ((embeddings.data[at] ?? 0) - (baseline[at] ?? 0))),
    ids.length,
  )
}

function rowsOf(data: ArrayLike<number>, count: number): readonly (readonly number[])[] {
  const all = Array.from(data)
  const width = all.length / count
  return Array.from({ length: count }, (_, row) => all.slice(row * width, (row + 1) * width))
}

function sums(data: ArrayLike<number>, count: number): readonly number[] {
  return rowsOf(data, count).map((row) => row.reduce((sum, value) => sum + value, 0))
}
