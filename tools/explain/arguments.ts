// The arguments of the headless command.

import { parseArgs } from 'node:util'
import type { PartName } from '#graph/prepare'
import type { AttributionMethodId, AttributionOptions } from '#methods/attribution'
import { ABSENCES, ATTRIBUTION_METHODS, BASELINES, UNITS } from '#share/settings'

const GRADIENT_TENSORS = ['grad_embeddings', 'grad_attentions'] as const
const PART_TENSORS = ['queries', 'keys', 'values', 'head_outputs', 'attention_outputs', 'mlp_outputs'] as const
export const TENSORS = [
  'logits',
  'last_hidden_state',
  'attentions',
  'hidden_states',
  'embeddings',
  ...PART_TENSORS,
  ...GRADIENT_TENSORS,
] as const
export type TensorName = (typeof TENSORS)[number]
type PartTensor = (typeof PART_TENSORS)[number]

/** What of the layers' insides a tensor is. */
export const PART_OF: Readonly<Record<PartTensor, Exclude<PartName, 'finalNorm'>>> = {
  queries: 'queries',
  keys: 'keys',
  values: 'values',
  head_outputs: 'headOutputs',
  attention_outputs: 'attentionOutputs',
  mlp_outputs: 'mlpOutputs',
}

/** The insides that are asked for. */
export function partsIn(names: readonly TensorName[]): ReadonlySet<PartName> {
  return new Set(PART_TENSORS.filter((known) => names.includes(known)).map((known) => PART_OF[known]))
}

/** Whether a tensor is the gradient of a target. */
export function isGradient(name: TensorName): boolean {
  return GRADIENT_TENSORS.some((known) => known === name)
}

const VIEWS = ['card', 'prediction', 'attention'] as const
export type View = (typeof VIEWS)[number]

/** What an attribution is asked: null for what the model answers, and for nothing to compare it with. */
export interface Question {
  readonly method: AttributionMethodId
  /** A class or a token. */
  readonly target: string | null
  readonly foil: string | null
  /** Null for how a unit is taken away: by the mask token where there is one, else by deletion. */
  readonly options: Omit<AttributionOptions, 'absence'> & { readonly absence: AttributionOptions['absence'] | null }
}

/** One number of an output: its name and where it stands. */
export interface Target {
  readonly output: string
  readonly index: readonly number[]
}

export interface ExplainArguments {
  /** A folder, or owner/name of a hub's repository. */
  readonly model: string
  /** Address of the hub; null where none is named. */
  readonly hub: string | null
  readonly revision: string | null
  /** Files below the model's folder, or patterns of them; empty: the one file that the folder is known for. */
  readonly files: readonly string[]
  readonly text: string | null
  readonly textB: string | null
  readonly what: View
  readonly json: boolean
  /** Path of a JSON file with the model's inputs: the raw form. */
  readonly input: string | null
  readonly target: Target | null
  /** Attributions in the place of a view. */
  readonly question: Question | null
  readonly tensors: readonly TensorName[]
}

/** What the reader got wrong, in a sentence. */
export class UsageError extends Error {}

export const USAGE = `npm run explain -- --model <folder or owner/name> [--hub <address>] [--revision <name>] [--file <path or pattern>]... --text "..." [--text-b "..."] [--what card|prediction|attention] [--json]
npm run explain -- --model <folder or owner/name> [--file <path or pattern>]... --text "..." --method ${ATTRIBUTION_METHODS.join('|')} [--target <class or token>] [--foil <class or token>] [--baseline ${BASELINES.join('|')}] [--layer <0 to layers>] [--absence ${ABSENCES.join('|')}] [--unit ${UNITS.join('|')}] [--noise <share>] [--features <units, 0 for all>] [--json]
npm run -s explain -- --model <folder or owner/name> --file <path or pattern>... --input inputs.json [--target logits:0,1] [--tensors ${TENSORS.join(',')}]`

/** @throws UsageError */
export function parseExplainArguments(args: readonly string[]): ExplainArguments {
  const { values } = read(args)
  const { model, file = [], text, what = 'prediction', json = false, input, target, tensors } = values
  if (model === undefined) throw new UsageError('--model is missing: the folder of a model, or its owner/name on a hub.')
  const view = VIEWS.find((known) => known === what)
  if (!view) throw new UsageError(`--what takes ${VIEWS.join(', ')}, not ${what}.`)
  if (text === undefined && input === undefined && view !== 'card')
    throw new UsageError('--text or --input is missing: there is nothing to run.')
  if (text !== undefined && input !== undefined) throw new UsageError('--text and --input exclude each other.')
  const question = parseQuestion(values)
  const names = (tensors ?? 'logits,attentions').split(',').map(tensorName)
  if (names.some(isGradient) && target === undefined) throw new UsageError('--target is missing: a gradient is that of one number.')
  return {
    model,
    hub: values.hub ?? null,
    revision: values.revision ?? null,
    files: file,
    text: text ?? null,
    textB: values['text-b'] ?? null,
    what: view,
    json,
    input: input ?? null,
    target: target === undefined || question !== null ? null : parseTarget(target),
    question,
    tensors: names,
  }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        model: { type: 'string' },
        hub: { type: 'string' },
        revision: { type: 'string' },
        file: { type: 'string', multiple: true },
        text: { type: 'string' },
        'text-b': { type: 'string' },
        what: { type: 'string' },
        json: { type: 'boolean' },
        input: { type: 'string' },
        target: { type: 'string' },
        method: { type: 'string' },
        foil: { type: 'string' },
        baseline: { type: 'string' },
        layer: { type: 'string' },
        absence: { type: 'string' },
        unit: { type: 'string' },
        noise: { type: 'string' },
        features: { type: 'string' },
        tensors: { type: 'string' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** @throws UsageError */
function parseQuestion(values: ReturnType<typeof read>['values']): Question | null {
  const { method, target, foil, text, what } = values
  if (method === undefined) {
    const stray = (['foil', 'baseline', 'layer', 'absence', 'unit', 'noise', 'features'] as const).find(
      (name) => values[name] !== undefined,
    )
    if (stray !== undefined) throw new UsageError(`--${stray} goes with --method.`)
    return null
  }
  const known = ATTRIBUTION_METHODS.find((name) => name === method)
  if (!known) throw new UsageError(`--method takes ${ATTRIBUTION_METHODS.join(', ')}, not ${method}.`)
  if (text === undefined || what !== undefined) throw new UsageError('--method goes with --text, and without --what.')
  return { method: known, target: target ?? null, foil: foil ?? null, options: parseOptions(values) }
}

/** @throws UsageError */
function parseOptions({
  baseline = 'zero',
  layer = '0',
  absence,
  unit = 'token',
  noise = '0.5',
  features = '0',
  ...values
}: ReturnType<typeof read>['values']): Question['options'] {
  const known = BASELINES.find((name) => name === baseline)
  if (!known) throw new UsageError(`--baseline takes ${BASELINES.join(', ')}, not ${baseline}.`)
  if (known === 'reference' && values['text-b'] === undefined)
    throw new UsageError('--baseline reference begins at the other text: --text-b is missing.')
  if (!/^\d{1,4}$/.test(layer))
    throw new UsageError(`--layer takes a number: 0 for the embeddings, n for what layer n leaves; not ${layer}.`)
  const away = ABSENCES.find((name) => name === absence)
  if (absence !== undefined && !away) throw new UsageError(`--absence takes ${ABSENCES.join(', ')}, not ${absence}.`)
  const taken = UNITS.find((name) => name === unit)
  if (!taken) throw new UsageError(`--unit takes ${UNITS.join(', ')}, not ${unit}.`)
  if (!(Number(noise) > 0)) throw new UsageError(`--noise takes a share of a typical embedding, such as 0.5; not ${noise}.`)
  if (!/^\d+$/.test(features)) throw new UsageError(`--features takes how many units LIME may use, or 0 for all; not ${features}.`)
  return { baseline: known, layer: Number(layer), absence: away ?? null, unit: taken, noise: Number(noise), features: Number(features) }
}

function parseTarget(text: string): Target {
  const match = /^([A-Za-z_][\w.]*):(\d+(?:,\d+)*)$/.exec(text)
  if (!match?.[1] || !match[2]) throw new UsageError(`--target takes an output and an index, such as logits:0,1, not ${text}.`)
  return { output: match[1], index: match[2].split(',').map(Number) }
}

function tensorName(text: string): TensorName {
  const name = TENSORS.find((known) => known === text.trim())
  if (!name) throw new UsageError(`--tensors knows ${TENSORS.join(', ')}, not ${text}.`)
  return name
}
