// What gradients cost: a backward pass against a forward one, and integrated gradients against Captum's, all on WASM in this process, one
// thread each, in turn.

import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { LoadedModel } from '#engine/model/model'
import { createSchedule } from '#engine/passes/schedule'
import { viewTarget } from '#engine/passes/target-view'
import { attribute } from '#features/attribution/worker/attribute.ts'
import type { AttributionTarget } from '#methods/attribution'
import type { TokenRow } from '#text/token'
import { EXAMPLES } from '../src/catalogue/examples.ts'
import { openModelFolder } from '../tools/model-folder.ts'
import { type Limit, measureProducts } from './products.ts'
import type { Python } from './python.ts'

/** At one length of one model, milliseconds of each round. */
export interface BackwardTimes {
  readonly id: string
  readonly tokens: number
  readonly forward: readonly number[]
  readonly both: readonly number[]
}

/** Integrated gradients of one text from zero embeddings. */
export interface Integration {
  readonly text: string
  readonly tokens: number
  readonly ours: readonly Measured[]
  /** Empty where Captum was not measured. */
  readonly captum: readonly Measured[]
}

interface Measured {
  readonly ms: number
  readonly steps: number
  /** |sum - what it should be|, and what it should be. */
  readonly missing: number
  readonly expected: number
}

export interface GradientTimes {
  readonly backward: readonly BackwardTimes[]
  /** By number of tokens: milliseconds of as many products as a step needs, and of a step. */
  readonly limits: readonly Limit[]
  readonly timed: readonly Integration[]
  readonly gallery: readonly Integration[]
}

export interface GradientPlan {
  readonly texts: Readonly<Record<string, string>>
  readonly rounds: number
}

const LENGTHS = [16, 32, 64, 128]
/** Captum's default. */
const STEPS = 50
const OPTIONS = DEFAULT_OPTIONS
const CLASSIFIER = 'minilm-sst2'
const WARM_UP = 3

export async function measureGradients(ids: readonly string[], captum: Python | null, plan: GradientPlan): Promise<GradientTimes> {
  const backward: BackwardTimes[] = []
  let limits: GradientTimes['limits'] = []
  let timed: readonly Integration[] = []
  let gallery: readonly Integration[] = []
  for (const id of ids) {
    const { model } = await openModelFolder(`public/models/${id}`, { gradients: 'yes' })
    for (const tokens of LENGTHS) backward.push({ id, tokens, ...(await timeBackward(model, plan, tokens)) })
    if (id !== CLASSIFIER) continue
    limits = await measureProducts(
      backward.map(({ tokens, both }) => ({ tokens, step: both })),
      plan.rounds,
    )
    const integrate = (text: string, rounds: number) => timeIntegration(model, captum, text, rounds)
    timed = await inTurn(Object.values(plan.texts), (text) => integrate(text, plan.rounds))
    gallery = await inTurn(
      EXAMPLES.classifier.flatMap(({ a, b }) => (b === null ? [a] : [a, b])),
      (text) => integrate(text, 1),
    )
  }
  return { backward, limits, timed, gallery }
}

async function timeBackward(model: LoadedModel, { texts, rounds }: GradientPlan, tokens: number) {
  const row = cutTo(model.tokenizer.encode(Array.from({ length: 6 }, () => Object.values(texts).at(-1)).join(' ')), tokens)
  const [forward, both]: [number[], number[]] = [[], []]
  const target = await targetOf(model, row)
  for (let round = -WARM_UP; round < rounds; round++) {
    // What was asked before is not computed again.
    const runs = runsOf(model, row, target)
    const [plain, gradient] = [await timeOf(() => model.run(row)), await timeOf(runs.input)]
    if (round < 0) continue
    forward.push(plain)
    both.push(gradient)
  }
  return { forward, both }
}

async function timeIntegration(model: LoadedModel, captum: Python | null, text: string, rounds: number): Promise<Integration> {
  const row = model.tokenizer.encode(text)
  const target = await targetOf(model, row)
  const [ours, theirs]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const view = viewTarget(model, row, target)
    const asked = { method: 'integrated-gradients', target, options: OPTIONS, reference: null } as const
    const {
      values,
      expectedSum,
      runs: steps,
      ms,
    } = await attribute(view, asked, createSchedule(), new AbortController().signal, () => undefined)
    const expected = expectedSum ?? Number.NaN
    ours.push({ ms, steps, expected, missing: Math.abs(values.reduce((sum, value) => sum + value, 0) - expected) })
    if (captum === null) continue
    const found = await captum.ask<{ ms: number; sum: number; expected: number }>({ text, target: target.index, steps: STEPS })
    theirs.push({ ms: found.ms, steps: STEPS, expected: found.expected, missing: Math.abs(found.sum - found.expected) })
  }
  return { text, tokens: row.tokens.length, ours, captum: theirs }
}

/** What the model answers: its class, or the likeliest next token. */
async function targetOf(model: LoadedModel, row: TokenRow): Promise<AttributionTarget> {
  const { prediction } = await model.run(row)
  if (prediction.kind === 'classes') {
    return { index: prediction.logits.indexOf(Math.max(...prediction.logits)), foil: null, position: null, space: 'score' }
  }
  const asked = prediction.kind === 'tokens' ? prediction.positions[0] : undefined
  return { index: asked?.candidates[0]?.id ?? 0, foil: null, position: asked?.position ?? null, space: 'score' }
}

function runsOf(model: LoadedModel, row: TokenRow, target: AttributionTarget) {
  const runs = model.runsOf?.(row, target)
  if (runs === undefined) throw new Error('the model has no gradients')
  return runs
}

async function timeOf(job: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await job()
  return performance.now() - began
}

async function inTurn<Item, Result>(items: readonly Item[], job: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await job(item))
  return results
}

function cutTo(row: TokenRow, length: number): TokenRow {
  return { ...row, tokens: row.tokens.slice(0, length) }
}
