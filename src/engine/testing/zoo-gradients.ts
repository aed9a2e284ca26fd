// Gradients of the zoo's files against what PyTorch's autograd gives: of the same weights, or of the quantised ones.

import { GradientError } from '#autodiff/gradient-error'
import { type GradientOptions, type PreparedGradients, prepareGradients } from '#autodiff/prepare-gradients'
import { GraphError } from '#graph/errors'
import { openModel, type PreparedInput, prepareModel } from '#graph/prepare'
import type { Tensor } from '#tensor/tensor'
import { cacheLayoutOf, parseConfig } from '../config.ts'
import { buildFeeds } from '../feeds.ts'
import { type Feeds, type GraphSession, loadRuntime } from '../session.ts'
import { largestGap } from './reference.ts'
import { readJson, readZooFile, rowOf, type Stored, type ZooCase, type ZooFile } from './zoo.ts'

interface Gradients {
  readonly target_value: number
  readonly grad_embeddings: Stored
  readonly grad_attentions: readonly Stored[]
}

type GradientZooCase = ZooCase & Gradients & { readonly target: { readonly index: readonly number[] } }

interface GradientReference {
  readonly cases: readonly GradientZooCase[]
  readonly variants: Readonly<Record<string, Readonly<Record<string, { readonly quantised_network?: Gradients } | undefined>>>>
}

/** Largest differences over all cases, each by the largest element of the reference. */
export interface GradientGaps {
  readonly embeddings: number
  readonly attentions: number
  /** Of the target's value, as it is. */
  readonly target: number
}

export type GradientResult =
  | {
      readonly kind: 'measured'
      readonly prepared: PreparedGradients
      /** From the gradients of the weights before they were quantised. */
      readonly plain: GradientGaps
      /** From those of the quantised network; null where the reference has none. */
      readonly quantised: GradientGaps | null
    }
  | { readonly kind: 'refused'; readonly error: GradientError | GraphError }

/** Differentiates a file's targets on every case of its family. */
export async function measureGradients({ family, variant }: ZooFile, options: GradientOptions = {}): Promise<GradientResult> {
  const { bytes, external } = readZooFile(`${family}/onnx/${variant}`)
  let prepared: PreparedGradients
  let inputs: readonly PreparedInput[]
  try {
    prepared = prepareGradients(openModel(bytes, { external }), options)
    inputs = prepareModel(bytes, { external }).inputs
  } catch (error) {
    if (error instanceof GradientError || error instanceof GraphError) return { kind: 'refused', error }
    throw error
  }
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const session = await runtime.create(prepared, 'wasm')
  const layout = cacheLayoutOf(parseConfig(readJson(`${family}/config.json`)))
  const reference: GradientReference = readJson(`${family}/reference.json`)
  const [plain, quantised]: [GradientGaps[], GradientGaps[]] = [[], []]
  for (const expected of reference.cases) {
    const variantRun = reference.variants[variant]?.[expected.name]
    if (variantRun === undefined) continue
    const feeds = {
      ...buildFeeds(inputs, rowOf(expected.inputs), layout),
      ...targetFeeds(prepared, shapeOf(expected), expected.target.index),
    }
    const results = await runGradients(session, prepared, feeds)
    plain.push(compare(prepared, results, expected, expected.target.index))
    const network = variantRun.quantised_network
    if (network !== undefined) quantised.push(compare(prepared, results, network, expected.target.index))
  }
  await session.release()
  return { kind: 'measured', prepared, plain: worst(plain), quantised: quantised.length === 0 ? null : worst(quantised) }
}

/** What one element of the answer is asked for with. @param index of the answer's shape `dims` */
export function targetFeeds({ target }: PreparedGradients, dims: readonly number[], index: readonly number[]): Feeds {
  const position = index.at(-2) ?? 0
  const element = index.at(-1) ?? 0
  if (target.chosen !== null) {
    return {
      [target.chosen.positions]: { dims: [1], data: BigInt64Array.of(BigInt(position)) },
      [target.chosen.tokens]: { dims: [1], data: BigInt64Array.of(BigInt(element)) },
      [target.weights]: { dims: [1, 1, 1], data: Float32Array.of(1) },
    }
  }
  const weights = new Float32Array(dims.reduce((count, size) => count * size, 1))
  weights[index.reduce((offset, at, axis) => offset * (dims[axis] ?? 1) + at, 0)] = 1
  const space = target.space === null ? {} : { [target.space]: { dims: [3], data: Float32Array.of(1, 0, 0) } }
  return { [target.weights]: { dims, data: weights }, ...space }
}

function shapeOf(expected: GradientZooCase): readonly number[] {
  return (expected.logits ?? expected.last_hidden_state)?.dims ?? []
}

type Results = Readonly<Record<string, Tensor>>

function runGradients(session: GraphSession, { outputs }: PreparedGradients, feeds: Feeds): Promise<Results> {
  const { scores, embeddings, attentions, hiddenStates } = outputs
  return session.run(feeds, Array.from(new Set([scores, ...(embeddings === null ? [] : [embeddings]), ...attentions, ...hiddenStates])))
}

function compare({ outputs, target }: PreparedGradients, results: Results, expected: Gradients, index: readonly number[]): GradientGaps {
  const data = (name: string | null): ArrayLike<number> => results[name ?? '']?.data ?? []
  const scores = results[outputs.scores]
  const at = target.chosen === null ? index.reduce((offset, place, axis) => offset * (scores?.dims[axis] ?? 1) + place, 0) : 0
  const attentions = expected.grad_attentions.map(({ data: stored }, layer) => relativeGap(data(outputs.attentions[layer] ?? null), stored))
  return {
    embeddings: relativeGap(data(outputs.embeddings), expected.grad_embeddings.data),
    attentions: outputs.attentions.length === attentions.length ? Math.max(...attentions) : Number.POSITIVE_INFINITY,
    target: Math.abs((scores?.data[at] ?? Number.NaN) - expected.target_value),
  }
}

/** Largest difference by the largest expected element; Infinity where lengths differ or a value is not a number. */
export function relativeGap(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return largestGap(actual, expected) / (largest === 0 ? 1 : largest)
}

function worst(gaps: readonly GradientGaps[]): GradientGaps {
  const most = (pick: (gap: GradientGaps) => number): number => Math.max(...gaps.map(pick))
  return {
    embeddings: most(({ embeddings }) => embeddings),
    attentions: most(({ attentions }) => attentions),
    target: most(({ target }) => target),
  }
}
