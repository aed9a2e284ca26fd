// What perturbation costs beside Captum and SHAP with the same weights, one thread each, in turn.

import { attribute, seenBy } from '#engine/attribute'
import type { LoadedModel } from '#engine/model'
import { createSchedule } from '#engine/schedule'
import { type Attribution, type AttributionMethodId, type AttributionTarget, DEFAULT_OPTIONS } from '#methods/attribution'
import { openModelFolder } from '../tools/model-folder.ts'
import type { Python } from './python.ts'

/** Milliseconds of each round; the peer's are empty where it was not measured. */
export interface LeaveOutTimes {
  readonly tokens: number
  readonly ours: readonly number[]
  readonly captum: readonly number[]
}

/** Shapley values of a text whose exact ones are known, to an error of this share of them, by root mean squares. */
export interface ShapleyTimes {
  readonly players: number
  readonly ours: readonly Reached[]
  readonly shap: readonly Reached[]
}

interface Reached {
  readonly ms: number
  readonly error: number
  readonly passes: number
}

export interface PerturbationTimes {
  readonly leaveOut: readonly LeaveOutTimes[]
  readonly shapley: ShapleyTimes
}

export interface PerturbationPlan {
  readonly texts: Readonly<Record<string, string>>
  readonly rounds: number
}

const OPTIONS = DEFAULT_OPTIONS
/** Ten tokens that are players. */
const KNOWN = 'The plot is thin, but the acting is superb.'
/** Estimates are good enough at this share of the exact values. */
const ENOUGH = 0.05
const MOST_EVALUATIONS = 6400
const WARM_UP = 1

export async function measurePerturbation(python: Python | null, { texts, rounds }: PerturbationPlan): Promise<PerturbationTimes> {
  const { model } = await openModelFolder('public/models/minilm-sst2')
  const leaveOut: LeaveOutTimes[] = []
  for (const text of Object.values(texts)) {
    const target = await targetOf(model, text)
    const [ours, captum]: [number[], number[]] = [[], []]
    for (let round = -WARM_UP; round < rounds; round++) {
      const own = (await play(model, text, target, 'leave-one-out')).ms
      const theirs = python === null ? null : (await python.ask<{ ms: number }>({ kind: 'occlusion', text, target: target.index })).ms
      if (round < 0) continue
      ours.push(own)
      if (theirs !== null) captum.push(theirs)
    }
    leaveOut.push({ tokens: model.tokenizer.encode(text).tokens.length, ours, captum })
  }
  return { leaveOut, shapley: await measureShapley(model, python, rounds) }
}

async function measureShapley(model: LoadedModel, python: Python | null, rounds: number): Promise<ShapleyTimes> {
  const target = await targetOf(model, KNOWN)
  const exact = inner((await play(model, KNOWN, target, 'exact-shapley')).values)
  const [ours, shap]: [Reached[], Reached[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(await firstGoodAnswer(model, target, exact))
    if (python === null) continue
    // The peer is asked for as many evaluations as are enough; the search for their number is not timed.
    for (let evaluations = 50; evaluations <= MOST_EVALUATIONS; evaluations *= 2) {
      const found = await python.ask<{ ms: number; values: number[] }>({ kind: 'shapley', text: KNOWN, target: target.index, evaluations })
      const error = errorOf(found.values, exact)
      if (error > ENOUGH && 2 * evaluations <= MOST_EVALUATIONS) continue
      shap.push({ ms: found.ms, error, passes: evaluations })
      break
    }
  }
  return { players: exact.length, ours, shap }
}

/** The first partial answer of the sampled values that is good enough, with a view of the model that has run nothing yet. */
async function firstGoodAnswer(model: LoadedModel, target: AttributionTarget, exact: readonly number[]): Promise<Reached> {
  const view = seenBy(model, model.tokenizer.encode(KNOWN), target)
  const reached: Reached[] = []
  const note = (part: Attribution): void => {
    const error = errorOf(inner(part.values), exact)
    if (error <= ENOUGH) reached.push({ ms: part.ms, error, passes: part.runs })
  }
  const asked = { method: 'sampled-shapley', target, options: OPTIONS, reference: null } as const
  const last = await attribute(view, asked, createSchedule(), new AbortController().signal, note)
  return reached[0] ?? { ms: last.ms, error: errorOf(inner(last.values), exact), passes: last.runs }
}

function play(model: LoadedModel, text: string, target: AttributionTarget, method: AttributionMethodId): Promise<Attribution> {
  const view = seenBy(model, model.tokenizer.encode(text), target)
  const asked = { method, target, options: OPTIONS, reference: null }
  return attribute(view, asked, createSchedule(), new AbortController().signal, () => undefined)
}

async function targetOf(model: LoadedModel, text: string): Promise<AttributionTarget> {
  const { prediction } = await model.run(model.tokenizer.encode(text))
  const logits = prediction.kind === 'classes' ? prediction.logits : new Float32Array(1)
  return { index: logits.indexOf(Math.max(...logits)), foil: null, position: null, space: 'score' }
}

/** Without the tokenizer's own first and last token. */
function inner(values: Float32Array): readonly number[] {
  return Array.from(values).slice(1, -1)
}

function errorOf(found: readonly number[], exact: readonly number[]): number {
  const length = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  return length(found.map((value, at) => value - (exact[at] ?? 0))) / length(exact)
}
