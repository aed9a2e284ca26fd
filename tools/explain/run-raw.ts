// The raw form: token ids in, named tensors out, with the names and shapes of the library that models are compared with.

import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import type { GradientPlan } from '#autodiff/add-gradients'
import { EngineError } from '#engine/error'
import { activationFeeds } from '#engine/passes/activation-feeds'
import { assertScores } from '#engine/passes/assert-numbers'
import { type GradientTarget, gradientFeeds } from '#engine/passes/gradient-feeds'
import { runFeeds } from '#engine/passes/run-feeds'
import type { Feeds } from '#engine/runtime/session'
import type { Tensor } from '#tensor/tensor'
import { float32At } from '#tensor/vector'
import { isAblation, PART_OF, type Target, type TensorName } from './arguments.ts'
import type { OpenedFile } from './open-file.ts'

const storedTensor = v.object({ dims: v.array(v.number()), data: v.array(v.number()) })
const inputsSchema = v.objectWithRest({ input_ids: storedTensor }, storedTensor)
export type RawInputs = v.InferOutput<typeof inputsSchema>

export interface StoredTensor {
  readonly dims: readonly number[]
  readonly data: readonly number[]
}

/** One tensor, or one a layer: null where a layer's was not recognised. */
type Given = StoredTensor | readonly (StoredTensor | null)[]

export interface RawAnswer {
  readonly tensors: Readonly<Partial<Record<TensorName, Given>>>
  readonly target?: { readonly output: string; readonly index: readonly number[]; readonly value: number }
}

/** @throws EngineError `bad-inputs` */
export function readInputs(path: string): RawInputs {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new EngineError('bad-inputs', `${path} cannot be read as JSON.`, { path })
  }
  const parsed = v.safeParse(inputsSchema, json)
  if (parsed.success && parsed.output.input_ids.dims.length === 2 && parsed.output.input_ids.dims[0] === 1) return parsed.output
  throw new EngineError('bad-inputs', `${path} does not hold { "input_ids": { "dims": [1, T], "data": [...] }, ... }.`, { path })
}

/**
 * Runs one row of ids and gives the tensors that are asked for; those that the model does not have are left out.
 * @throws EngineError `unknown-input`, `run-failed`, `no-such-target`, `not-a-number`
 */
export async function runRaw(
  opened: OpenedFile,
  inputs: RawInputs,
  names: readonly TensorName[],
  target: Target | null,
): Promise<RawAnswer> {
  const { prepared, session, layout } = opened
  const { outputs } = prepared
  const { input_ids: ids, attention_mask: mask, token_type_ids: types } = inputs
  const row = { ids: ids.data, ...(mask ? { mask: mask.data } : {}), ...(types ? { types: types.data } : {}) }
  const embeddings = outputs.embeddings === null ? [] : [outputs.embeddings]
  const feeds = runFeeds(prepared, [row], layout)
  const parts = Object.values(outputs.parts ?? {})
    .flat()
    .filter((name) => name !== null)
  const wanted = new Set([outputs.logits, ...outputs.attentions, ...outputs.hiddenStates, ...embeddings, ...parts])
  const results = await session.run(feeds, Array.from(wanted))
  assertScores(results[outputs.logits]?.data ?? [])
  const stored = (name: string): StoredTensor => storedFrom(results[name])
  const answer = prepared.task === 'hidden' ? 'last_hidden_state' : 'logits'
  const element = target === null ? null : elementOf(target, answer, results[outputs.logits])
  const gradients = element === null || opened.gradients === null ? null : await runGradients(opened, opened.gradients, feeds, element)
  const effects = element === null || !names.some(isAblation) ? null : await runHeadsOff(opened, feeds, element)
  const ofLayers = (name: keyof typeof PART_OF) => () =>
    outputs.parts?.[PART_OF[name]].map((value) => (value === null ? null : stored(value))) ?? null
  const give: Readonly<Record<TensorName, () => Given | null>> = {
    logits: () => (answer === 'logits' ? stored(outputs.logits) : null),
    last_hidden_state: () => (answer === 'last_hidden_state' ? stored(outputs.logits) : null),
    attentions: () => outputs.attentions.map(stored),
    hidden_states: () => outputs.hiddenStates.map(stored),
    embeddings: () => (outputs.embeddings === null ? null : stored(outputs.embeddings)),
    queries: ofLayers('queries'),
    keys: ofLayers('keys'),
    values: ofLayers('values'),
    head_outputs: ofLayers('head_outputs'),
    attention_outputs: ofLayers('attention_outputs'),
    mlp_outputs: ofLayers('mlp_outputs'),
    grad_embeddings: () => gradients?.embeddings ?? null,
    grad_attentions: () => gradients?.attentions ?? null,
    head_ablation_effect: () => effects,
  }
  const tensors = Object.fromEntries(names.map((name) => [name, give[name]()]).filter(([, tensor]) => tensor !== null))
  if (target === null || element === null) return { tensors }
  return { tensors, target: { ...target, value: rounded(element.value) } }
}

/** One number of the answer. */
interface Element {
  /** Among all numbers. */
  readonly offset: number
  readonly dims: readonly number[]
  readonly index: readonly number[]
  readonly value: number
}

/** The number that a target names; leading dimensions of one may be left out of its index. @throws EngineError `no-such-target` */
function elementOf({ output, index }: Target, answer: string, tensor: Tensor | undefined): Element {
  const dims = tensor?.dims ?? []
  const padded = [...new Array<number>(Math.max(0, dims.length - index.length)).fill(0), ...index]
  const inside = padded.length === dims.length && padded.every((at, axis) => at < (dims[axis] ?? 0))
  if (output !== answer || !tensor || !inside) {
    throw new EngineError(
      'no-such-target',
      `The model's ${answer} has the shape [${dims.join(', ')}]; there is no ${output}:${index.join(',')}.`,
      {
        output,
      },
    )
  }
  const offset = padded.reduce((before, at, axis) => before * (dims[axis] ?? 1) + at, 0)
  return { offset, dims, index: padded, value: float32At(tensor.data, offset) }
}

/** Gradients of one number of the answer; those of embeddings are left out where they were not recognised. */
async function runGradients({ session }: OpenedFile, plan: GradientPlan, feeds: Feeds, { dims, index }: Element) {
  const { embeddings, attentions } = plan.outputs
  const target: GradientTarget = {
    position: index.length > 2 ? (index.at(-2) ?? 0) : null,
    elements: [{ index: index.at(-1) ?? 0, weight: 1 }],
    space: 'score',
  }
  const names = [...(embeddings === null ? [] : [embeddings]), ...attentions]
  const results = await session.run({ ...feeds, ...gradientFeeds(plan, target, dims) }, names)
  return {
    embeddings: embeddings === null ? null : storedFrom(results[embeddings]),
    attentions: attentions.map((name) => storedFrom(results[name])),
  }
}

/**
 * [layers, heads]: the number less what it is with a head's output zero at all positions. null where heads were not recognised, or layers
 * have other numbers of them.
 */
async function runHeadsOff(
  { prepared, session, card }: OpenedFile,
  feeds: Feeds,
  { offset, value }: Element,
): Promise<StoredTensor | null> {
  const { outputs, interventions } = prepared
  const ports = interventions.activations ?? null
  const { heads } = card
  if (ports?.headKeep == null || heads === null) return null
  const layers = outputs.attentions.length
  const data: number[] = []
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      const change = { site: 'head', layer, heads: [head], position: null, scale: 0, given: null, count: heads } as const
      const results = await session.run({ ...feeds, ...activationFeeds(ports, [[change]], 1) }, [outputs.logits])
      data.push(rounded(value - float32At(results[outputs.logits]?.data ?? new Float32Array(), offset)))
    }
  }
  return { dims: [layers, heads], data }
}

function storedFrom(tensor: Tensor | undefined): StoredTensor {
  return { dims: tensor?.dims ?? [], data: Array.from(tensor?.data ?? [], rounded) }
}

/** Nine digits tell every float32 from its neighbours. */
function rounded(value: number): number {
  return Number(value.toPrecision(9))
}
