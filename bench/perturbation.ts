// What perturbation costs beside Captum, SHAP and LIME with the same weights, one thread each, in turn: time to a given accuracy.

import { readFileSync } from 'node:fs'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { type AttributionOptions, DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { LoadedModel } from '#engine/model/model'
import type { TargetPasses } from '#engine/passes/forward-passes'
import { createSchedule } from '#engine/passes/schedule'
import { viewTarget } from '#engine/passes/target-view'
import { gameOfWords } from '#engine/testing/game-of-words'
import type { AttributionRequest } from '#features/attribution/api.ts'
import { attribute } from '#features/attribution/worker/attribute.ts'
import { createEngine } from '#features/worker.ts'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import { lime } from '#methods/games/lime/lime'
import type { ModelInput } from '#protocol/prediction'
import { rankCorrelation } from '#tensor/rank-correlation'
import { openModelFolder } from '../tools/model-folder.ts'
import type { Python } from './python.ts'

/** A time at which an answer was good enough; `reached` is false for the best one where none was. */
export interface Reached {
  readonly ms: number
  /** From the reference: a share of its length, or a rank correlation. */
  readonly score: number
  readonly rows: number
  readonly reached: boolean
}

/** A task at one length of the text, in rounds; the peer's are empty where it was not measured. */
export interface Race {
  readonly tokens: number
  /** Accuracy that had to be reached. */
  readonly goal: number
  readonly ours: readonly Reached[]
  readonly peer: readonly Reached[]
}

export interface PerturbationTimes {
  readonly leaveOut: readonly Race[]
  readonly shapley: readonly Race[]
  readonly lime: readonly Race[]
  /** Rows a second by rows in a batch. */
  readonly batches: readonly { readonly tokens: number; readonly rows: number; readonly perSecond: number }[]
  /** Share of rows that need not be run, of a text that is edited and taken back, all methods at each step. */
  readonly hits: number
}

export interface PerturbationPlan {
  readonly texts: Readonly<Record<string, string>>
  readonly rounds: number
  /** Tokens of the texts that take long. */
  readonly longest: number
}

/** Shapley values of the longer texts, as bench/python/perturbation.py --reference tells them; `orders` is null for exact ones. */
const REFERENCE = 'bench/shapley-reference.json'
interface Reference {
  readonly texts: readonly { readonly text: string; readonly values: readonly number[]; readonly orders: number | null }[]
}

/** Ten tokens that are players: all their coalitions are soon tried. */
const KNOWN = 'The plot is thin, but the acting is superb.'
/** Share of the reference's length, by root mean squares; where the reference is itself a long run, further from it. */
const CLOSE = { exact: 0.05, longRun: 0.1 }
const MOST_EVALUATIONS = 8000
/** The peers' samples grow by this until they are enough. */
const GROWTH = 1.5
const SAME_ORDER = 0.95
const LIME_SAMPLES = 5000
const BATCHES = [1, 4, 8, 16, 32]
const WARM_UP = 1

const never = new AbortController().signal

export async function measurePerturbation(python: Python | null, { texts, rounds, longest }: PerturbationPlan): Promise<PerturbationTimes> {
  const { model } = await openModelFolder('public/models/minilm-sst2')
  const raced = Object.values(texts).filter((text) => tokensOf(model, text) <= longest)
  const leaveOut: Race[] = []
  for (const text of raced) leaveOut.push(await raceLeaveOut(model, python, text, rounds))
  const known = (JSON.parse(readFileSync(REFERENCE, 'utf8')) as Reference).texts.filter(({ text }) => raced.includes(text))
  const shapley = [await raceShapley(model, python, KNOWN, await exactOf(model, KNOWN), CLOSE.exact, rounds)]
  for (const { text, values, orders } of known) {
    shapley.push(
      await raceShapley(model, python, text, values, orders === null ? CLOSE.exact : CLOSE.longRun, orders === null ? rounds : 1),
    )
  }
  const lime: Race[] = []
  if (python !== null) for (const text of [KNOWN, ...raced]) lime.push(await raceLime(model, python, text, rounds))
  return { leaveOut, shapley, lime, batches: await measureBatches(model, raced), hits: await hitRate(model) }
}

async function raceLeaveOut(model: LoadedModel, python: Python | null, text: string, rounds: number): Promise<Race> {
  const target = await targetOf(model, text)
  const [ours, peer]: [Reached[], Reached[]] = [[], []]
  for (let round = -WARM_UP; round < rounds; round++) {
    const { ms, runs } = await play(model, text, target, 'leave-one-out')
    const theirs = python === null ? null : await python.ask<{ ms: number }>({ kind: 'occlusion', text, target: target.index })
    if (round < 0) continue
    ours.push({ ms, score: 0, rows: runs, reached: true })
    if (theirs !== null) peer.push({ ms: theirs.ms, score: 0, rows: runs, reached: true })
  }
  return { tokens: tokensOf(model, text), goal: 0, ours, peer }
}

async function raceShapley(
  model: LoadedModel,
  python: Python | null,
  text: string,
  reference: readonly number[],
  goal: number,
  rounds: number,
): Promise<Race> {
  const target = await targetOf(model, text)
  const [ours, peer]: [Reached[], Reached[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const isGood = (score: number): boolean => score <= goal
    const race = async (note: Note): Promise<void> => note(await play(model, text, target, 'interpolated-shapley', {}, note))
    ours.push(await firstLasting(race, (values) => distance(inner(values), reference), isGood))
    if (python === null) continue
    peer.push(
      await fewestSamples(16 * reference.length, MOST_EVALUATIONS, isGood, async (evaluations) => {
        const asked = { kind: 'shapley', text, target: target.index, evaluations, seed: round }
        const { ms, values } = await python.ask<{ ms: number; values: readonly number[] }>(asked)
        return { ms, score: distance(values, reference) }
      }),
    )
  }
  return { tokens: tokensOf(model, text), goal, ours, peer }
}

/** Against the library's own answer from many samples with another seed, for both. */
async function raceLime(model: LoadedModel, python: Python, text: string, rounds: number): Promise<Race> {
  const target: AttributionTarget = { ...(await targetOf(model, text)), space: 'probability' }
  const ask = (samples: number, seed: number) =>
    python.ask<{ ms: number; values: readonly number[]; words: readonly number[] }>({
      kind: 'lime',
      text,
      target: target.index,
      samples,
      seed,
    })
  const whole = await ask(LIME_SAMPLES, 1000)
  const isGood = (score: number): boolean => score >= SAME_ORDER
  const [ours, peer]: [Reached[], Reached[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(
      await firstLasting(
        (note) => playWords(model, text, target, whole.words, note),
        (values) => rankCorrelation(values, whole.values),
        isGood,
      ),
    )
    peer.push(
      await fewestSamples(100, LIME_SAMPLES, isGood, async (samples) => {
        const { ms, values } = await ask(samples, round)
        return { ms, score: rankCorrelation(values, whole.values) }
      }),
    )
  }
  return { tokens: tokensOf(model, text), goal: SAME_ORDER, ours, peer }
}

/** An answer on the way, with what it took. */
type Note = (answer: { readonly values: Iterable<number>; readonly ms: number; readonly runs: number }) => void

/** The first answer from which on all are good. @param play with a view of the model that has run nothing yet */
async function firstLasting(
  play: (note: Note) => Promise<void>,
  scoreOf: (values: readonly number[]) => number,
  isGood: (score: number) => boolean,
): Promise<Reached> {
  const parts: Reached[] = []
  await play(({ values, ms, runs }) => {
    const score = scoreOf(Array.from(values))
    parts.push({ ms, score, rows: runs, reached: isGood(score) })
  })
  const late = parts.findLastIndex(({ reached }) => !reached)
  return parts[Math.min(late + 1, parts.length - 1)] ?? { ms: Number.NaN, score: Number.NaN, rows: 0, reached: false }
}

/** LIME as the library plays it: punctuation always stays. */
async function playWords(model: LoadedModel, text: string, target: AttributionTarget, words: readonly number[], note: Note): Promise<void> {
  const begun = performance.now()
  const game = await gameOfWords(model, text, target, { removal: 'mask', unit: 'word' }, words, never)
  for await (const { values } of lime(0)(game, never)) note({ values, ms: performance.now() - begun, runs: game.passes() })
}

/** The first number of samples that is enough, though a larger one may not be; the search for it is not timed. */
async function fewestSamples(
  least: number,
  most: number,
  isGood: (score: number) => boolean,
  ask: (samples: number) => Promise<{ readonly ms: number; readonly score: number }>,
): Promise<Reached> {
  for (let samples = least; ; samples = Math.min(most, Math.ceil(GROWTH * samples))) {
    const { ms, score } = await ask(samples)
    if (isGood(score) || samples >= most) return { ms, score, rows: samples, reached: isGood(score) }
  }
}

async function measureBatches(model: LoadedModel, texts: readonly string[]): Promise<PerturbationTimes['batches']> {
  const found: PerturbationTimes['batches'][number][] = []
  for (const text of texts) {
    const target = await targetOf(model, text)
    const row = model.tokenizer.encode(text).tokens.map(({ id }) => id)
    for (const rows of BATCHES) {
      const times: number[] = []
      for (let round = -WARM_UP; round < 3; round++) {
        const runs = model.forwardOf?.(target)
        const batch = Array.from({ length: rows }, (_, at) => ({ ids: row, position: null, embeddings: null, key: String(at) }))
        const begun = performance.now()
        await runs?.outputs(batch)
        if (round >= 0) times.push(performance.now() - begun)
      }
      found.push({ tokens: row.length, rows, perSecond: (1000 * rows) / Math.min(...times) })
    }
  }
  return found
}

/** A word is replaced and put back, and each method asked each time: rows that one engine runs, of those that each would by itself. */
async function hitRate(model: LoadedModel): Promise<number> {
  const asked: readonly AttributionMethodId[] = ['leave-one-out', 'interpolated-shapley', 'kernel-shap', 'partition-shapley']
  const text: ModelInput = { text: KNOWN, edits: [] }
  const steps = [text, { ...text, edits: [{ kind: 'replace' as const, at: 4, word: 'good' }] }, text]
  const target = await targetOf(model, KNOWN)
  const requests = steps.flatMap((input) => asked.map((method) => ({ input, target, method, options: DEFAULT_OPTIONS, reference: null })))
  const shared = await rowsFor(model, target, requests)
  let alone = 0
  for (const request of requests) alone += await rowsFor(model, target, [request])
  return 1 - shared / alone
}

/** Rows that a new engine runs for some attributions, one after the other. */
async function rowsFor(model: LoadedModel, target: AttributionTarget, requests: readonly AttributionRequest[]): Promise<number> {
  const views: TargetPasses[] = []
  const forwardOf = (): TargetPasses => {
    const view = model.forwardOf?.(target)
    if (view === undefined) throw new Error('the model has no answer')
    views.push(view)
    return view
  }
  const engine = createEngine({
    loadModel: async () => ({ ...model, forwardOf }),
    loadSnapshot: () => Promise.reject(new Error('there is none')),
  })
  const context = { signal: never, progress: () => undefined }
  const source = { kind: 'folder', base: '', snapshot: null } as const
  await engine.load({ source, runtime: '', backend: 'wasm', weights: 'auto' }, context)
  for (const request of requests) await engine.attribute(request, context)
  return views.reduce((sum, view) => sum + view.passes(), 0)
}

function play(
  model: LoadedModel,
  text: string,
  target: AttributionTarget,
  method: AttributionMethodId,
  options: Partial<AttributionOptions> = {},
  onPart: (part: Attribution) => void = () => undefined,
): Promise<Attribution> {
  const view = viewTarget(model, model.tokenizer.encode(text), target)
  const asked = { method, target, options: { ...DEFAULT_OPTIONS, ...options }, reference: null }
  return attribute(view, asked, createSchedule(), never, onPart)
}

async function exactOf(model: LoadedModel, text: string): Promise<readonly number[]> {
  return inner((await play(model, text, await targetOf(model, text), 'exact-shapley')).values)
}

async function targetOf(model: LoadedModel, text: string): Promise<AttributionTarget> {
  const { prediction } = await model.run(model.tokenizer.encode(text))
  const logits = prediction.kind === 'classes' ? prediction.logits : new Float32Array(1)
  return { index: logits.indexOf(Math.max(...logits)), foil: null, position: null, space: 'score' }
}

function tokensOf(model: LoadedModel, text: string): number {
  return model.tokenizer.encode(text).tokens.length
}

/** Without the tokenizer's own first and last token. */
function inner(values: Iterable<number>): readonly number[] {
  return Array.from(values).slice(1, -1)
}

/** As a share of the reference's length. */
function distance(found: readonly number[], reference: readonly number[]): number {
  return Math.hypot(...found.map((value, at) => value - (reference[at] ?? 0))) / Math.hypot(...reference)
}
