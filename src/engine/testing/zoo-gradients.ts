// Gradients of the zoo's files against what PyTorch's autograd gives: of the same weights, or of the quantised ones.

import { addGradients, type GradientOptions, type GradientPlan } from '#autodiff/add-gradients'
import { GradientError } from '#autodiff/gradient-error'
import { GraphError } from '#graph/ir/errors'
import { openModel } from '#graph/open-model'
import { type PreparedModel, tapModel, writeInstrumented } from '#graph/prepare'
import type { Tensor } from '#tensor/tensor'
import { conventionOf, parseConfig } from '../model/config.ts'
import { type GradientTarget, gradientFeeds } from '../passes/gradient-feeds.ts'
import { runFeeds } from '../passes/run-feeds.ts'
import { loadRuntime } from '../runtime/session.ts'
import { relativeGap } from './relative-gap.ts'
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
      readonly plan: GradientPlan
      /** From the gradients of the weights before they were quantised. */
      readonly plain: GradientGaps
      /** From those of the quantised network; null where the reference has none. */
      readonly quantised: GradientGaps | null
    }
  | { readonly kind: 'refused'; readonly error: GradientError | GraphError }

/** Differentiates a file's targets on every case of its family. */
export async function measureGradients({ family, variant }: ZooFile, options: GradientOptions = {}): Promise<GradientResult> {
  const { bytes, external } = readZooFile(`${family}/onnx/${variant}`)
  let prepared: PreparedModel
  let plan: GradientPlan
  try {
    const added = addGradients(tapModel(openModel(bytes, { external })), options)
    prepared = writeInstrumented(added.model)
    plan = added.plan
  } catch (error) {
    if (error instanceof GradientError || error instanceof GraphError) return { kind: 'refused', error }
    throw error
  }
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const session = await runtime.create(prepared, 'wasm')
  const layout = conventionOf(parseConfig(readJson(`${family}/config.json`)))
  const reference: GradientReference = readJson(`${family}/reference.json`)
  const [plain, quantised]: [GradientGaps[], GradientGaps[]] = [[], []]
  for (const expected of reference.cases) {
    const variantRun = reference.variants[variant]?.[expected.name]
    if (variantRun === undefined) continue
    const results = await session.run(
      {
        ...runFeeds(prepared, [rowOf(expected.inputs)], layout),
        ...gradientFeeds(plan, targetOf(expected), shapeOf(expected)),
      },
      namesOf(plan),
    )
    plain.push(compare(plan, results, expected, expected.target.index))
    const network = variantRun.quantised_network
    if (network !== undefined) quantised.push(compare(plan, results, network, expected.target.index))
  }
  await session.release()
  return { kind: 'measured', plan, plain: worst(plain), quantised: quantised.length === 0 ? null : worst(quantised) }
}

function shapeOf(expected: GradientZooCase): readonly number[] {
  return (expected.logits ?? expected.last_hidden_state)?.dims ?? []
}

type Results = Readonly<Record<string, Tensor>>

function targetOf({ target: { index } }: GradientZooCase): GradientTarget {
  const position = index.length === 3 ? (index[1] ?? 0) : null
  return { position, elements: [{ index: index.at(-1) ?? 0, weight: 1 }], space: 'score' }
}

function namesOf({ outputs }: GradientPlan): readonly string[] {
  const { scores, embeddings, attentions, hiddenStates } = outputs
  return Array.from(new Set([scores, ...(embeddings === null ? [] : [embeddings]), ...attentions, ...hiddenStates]))
}

function compare({ inputs, outputs }: GradientPlan, results: Results, expected: Gradients, index: readonly number[]): GradientGaps {
  const data = (name: string | null): ArrayLike<number> => results[name ?? '']?.data ?? []
  const scores = results[outputs.scores]
  const at = inputs.chosen === null ? index.reduce((offset, place, axis) => offset * (scores?.dims[axis] ?? 1) + place, 0) : 0
  const attentions = expected.grad_attentions.map(({ data: stored }, layer) => relativeGap(data(outputs.attentions[layer] ?? null), stored))
  return {
    embeddings: relativeGap(data(outputs.embeddings), expected.grad_embeddings.data),
    attentions: outputs.attentions.length === attentions.length ? Math.max(...attentions) : Number.POSITIVE_INFINITY,
    target: Math.abs((scores?.data[at] ?? Number.NaN) - expected.target_value),
  }
}

function worst(gaps: readonly GradientGaps[]): GradientGaps {
  const most = (pick: (gap: GradientGaps) => number): number => Math.max(...gaps.map(pick))
  return {
    embeddings: most(({ embeddings }) => embeddings),
    attentions: most(({ attentions }) => attentions),
    target: most(({ target }) => target),
  }
}
