// The arguments of the headless command.

import { ATTRIBUTION_METHODS } from '#catalogue/attribution-methods'
import { BASELINES, REMOVALS, TARGET_SPACES, UNITS } from '#catalogue/attribution-options'
import { ABLATION_KINDS, PATCH_DIRECTIONS, PATCH_MAP_IDS } from '#catalogue/interventions'
import type { PartName } from '#graph/instrument/expose-parts'
import { COUNTERFACTUAL_MOVES, EDIT_FAMILIES } from '#share/settings'
import { readOptions, UsageError } from './options.ts'
import { GOALS, MEASURED_ROLES, parseQuestion, type Question, SORTS } from './question.ts'

/** What is measured with heads switched off, one by one. */
const ABLATION_TENSOR = 'head_ablation_effect'
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
  ABLATION_TENSOR,
] as const
export type TensorName = (typeof TENSORS)[number]
type PartTensor = (typeof PART_TENSORS)[number]

/** What of the layers' insides a tensor is. */
export const PART_OF: Readonly<Record<PartTensor, Exclude<PartName, 'finalNorm' | 'streamEnd' | 'joinedHeads'>>> = {
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

/** Whether heads are to be switched off. */
export function isAblation(name: TensorName): boolean {
  return name === ABLATION_TENSOR
}

/** Whether a tensor is the gradient of a target. */
export function isGradient(name: TensorName): boolean {
  return GRADIENT_TENSORS.some((known) => known === name)
}

const VIEWS = ['card', 'tokens', 'prediction', 'attention'] as const
export type View = (typeof VIEWS)[number]

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
  /** In the place of a view. */
  readonly question: Question | null
  readonly tensors: readonly TensorName[]
}

const TEXT = 'npm run explain -- --model <folder or owner/name> [--file <path or pattern>]... --text "..."'
const AIM = `[--target <class or token>] [--space ${TARGET_SPACES.join('|')}]`
const FOIL = '[--foil <class or token>]'
const AWAY = `[--absence ${REMOVALS.join('|')}] [--unit ${UNITS.join('|')}]`

export const USAGE = `npm run explain -- --model <folder or owner/name> [--hub <address>] [--revision <name>] [--file <path or pattern>]... --text "..." [--text-b "..."] [--what ${VIEWS.join('|')}] [--json]
${TEXT} --method ${ATTRIBUTION_METHODS.join('|')} ${AIM} ${FOIL} [--baseline ${BASELINES.join('|')}] [--layer <0 to layers>] ${AWAY} [--noise <share>] [--features <units, 0 for all>] [--json]
${TEXT} [--edits ${EDIT_FAMILIES.join(',')}] [--words "<word>,<word>" --at <token or its index from 0>] [--sort ${SORTS.join('|')}] ${AIM} ${FOIL} [--json]
${TEXT} --flip [--goal ${GOALS.join('|')}] [--moves ${COUNTERFACTUAL_MOVES.join(',')}] ${AIM} [--json]
${TEXT} --pairs ${AWAY} ${AIM} ${FOIL} [--json]
${TEXT} --generate <tokens> [--temperature <0 or more>] [--top-k <tokens>] [--top-p <0 to 1>] [--min-p <0 to 1>] [--typical <0 to 1>] [--seed <number>] [--chat] [--json]
${TEXT} --lens | --logit-attribution [--at <token or its index from 0>] [--target <token>] ${FOIL} [--json]
${TEXT} --ablate ${ABLATION_KINDS.join('|')} [--off <layer>.<head>,a<layer>,m<layer>:<share>] [--text-b "..."] [--target <class or token>] ${FOIL} [--json]
${TEXT} --text-b "..." --patch ${PATCH_MAP_IDS.join('|')} [--direction ${PATCH_DIRECTIONS.join('|')}] [--target <class or token>] ${FOIL} [--json]
${TEXT} --path [--at <token or its index from 0>] [--head <layer>.<head>] [--json]
${TEXT} --head-roles ${MEASURED_ROLES.join('|')} [--seed <number>] [--json]
npm run -s explain -- --model <folder or owner/name> --file <path or pattern>... --input inputs.json [--target logits:0,1] [--tensors ${TENSORS.join(',')}]`

/** @throws UsageError */
export function parseExplainArguments(args: readonly string[]): ExplainArguments {
  const values = readOptions(args)
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
  if (names.some(isAblation) && target === undefined)
    throw new UsageError('--target is missing: heads are switched off to measure one number.')
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
