// What may be asked of an answer, in the place of a view: where it comes from, and what would change it.

import { ATTRIBUTION_METHODS, type AttributionMethodId, needsGradients } from '#catalogue/attribution-methods'
import { type AttributionOptions, BASELINES, REMOVALS, TARGET_SPACES, type TargetSpace, UNITS } from '#catalogue/attribution-options'
import {
  ABLATION_KINDS,
  type AblationKind,
  PATCH_DIRECTIONS,
  PATCH_MAP_IDS,
  type PatchDirection,
  type PatchMapId,
} from '#catalogue/interventions'
import type { CounterfactualRequest, EditFamily } from '#features/what-if/api.ts'
import type { SamplingRules } from '#methods/generation/sampling'
import { HEAD_ROLES, type HeadRole } from '#methods/inside/head-roles'
import type { Gate, ModelPart } from '#methods/intervention/activation-change'
import { COUNTERFACTUAL_MOVES, EDIT_FAMILIES, type Settings } from '#share/settings'
import { type Options, UsageError, wordOf, wordsOf } from './options.ts'

type Order = Settings['whatIfOrder']
export const SORTS = ['text', 'change', 'attention', 'similarity'] as const satisfies readonly Order[]
export const GOALS = ['flip', 'halve'] as const satisfies readonly CounterfactualRequest['goal'][]

/** The number that is asked about: null for what the model answers, and for nothing to compare it with. */
export interface Aimed {
  /** A class or a token. */
  readonly target: string | null
  readonly foil: string | null
  readonly space: TargetSpace
}

/** How a unit is taken away: null for by the mask token where there is one, else by deletion. */
interface AskedRemoval {
  readonly removal: AttributionOptions['removal'] | null
}

export interface MethodQuestion extends Aimed {
  readonly kind: 'method'
  readonly method: AttributionMethodId
  readonly options: Omit<AttributionOptions, 'removal'> & AskedRemoval
}

export interface EditsQuestion extends Aimed {
  readonly kind: 'edits'
  readonly families: readonly EditFamily[]
  /** Words that are put in the place of one token, which is named by its index or its text. */
  readonly words: { readonly list: readonly string[]; readonly at: string } | null
  readonly sort: Order
}

export interface CounterfactualsQuestion extends Aimed, Pick<CounterfactualRequest, 'goal' | 'moves'> {
  readonly kind: 'flip'
}

export interface InteractionsQuestion extends Aimed {
  readonly kind: 'pairs'
  readonly options: Pick<AttributionOptions, 'unit'> & AskedRemoval
}

/** How the text goes on; nothing is aimed at. */
export interface GenerateQuestion {
  readonly kind: 'generate'
  /** Tokens at most. */
  readonly count: number
  readonly rules: SamplingRules
  readonly seed: number
  /** Whether the text stands as a message in the model's chat template. */
  readonly chat: boolean
}

/** What the residual stream says at every layer, or who wrote a logit. */
export interface LensQuestion extends Aimed {
  readonly kind: 'lens' | 'logit-attribution'
  /** A token, by its index or its text; null for where the model answers. */
  readonly at: string | null
}

/** Copying takes a pass a layer, the others one in all. */
export const MEASURED_ROLES = [...HEAD_ROLES, 'copying'] as const

/** What the heads look at, or copy; nothing is aimed at. */
export interface RolesQuestion {
  readonly kind: 'head-roles'
  readonly role: HeadRole | 'copying'
  /** Of a text of random tokens said twice, in place of the text; null for the text. */
  readonly random: number | null
}

/** The way from a token to the answer; nothing is aimed at. */
export interface PathQuestion {
  readonly kind: 'path'
  /** As of `LensQuestion`. */
  readonly at: string | null
  /** Layer and head, from 0, of which all that they compute is told; null for none. */
  readonly head: { readonly layer: number; readonly head: number } | null
}

/** What the answer is with parts of the model switched off. */
export interface AblationQuestion extends Aimed {
  readonly kind: 'ablate'
  readonly by: AblationKind
  /** Parts that are off or scaled together; none: every part alone. */
  readonly gates: readonly Gate[]
}

/** What the answer is with one text's activations in the other's run. */
export interface PatchingQuestion extends Aimed {
  readonly kind: 'patch'
  readonly map: PatchMapId
  readonly direction: PatchDirection
}

export type Question =
  | MethodQuestion
  | EditsQuestion
  | CounterfactualsQuestion
  | InteractionsQuestion
  | GenerateQuestion
  | LensQuestion
  | RolesQuestion
  | PathQuestion
  | AblationQuestion
  | PatchingQuestion
type Kind = Question['kind']

/** What each option goes with; `--target` has a meaning without any, too. */
const GOES_WITH: readonly { readonly names: readonly (keyof Options)[]; readonly kinds: readonly Kind[] }[] = [
  { names: ['space'], kinds: ['method', 'edits', 'flip', 'pairs'] },
  { names: ['foil'], kinds: ['method', 'edits', 'pairs', 'lens', 'logit-attribution', 'ablate', 'patch'] },
  { names: ['absence', 'unit'], kinds: ['method', 'pairs'] },
  { names: ['baseline', 'layer', 'noise', 'features'], kinds: ['method'] },
  { names: ['at'], kinds: ['edits', 'lens', 'logit-attribution', 'path'] },
  { names: ['sort'], kinds: ['edits'] },
  { names: ['goal', 'moves'], kinds: ['flip'] },
  { names: ['temperature', 'top-k', 'top-p', 'min-p', 'typical', 'chat'], kinds: ['generate'] },
  { names: ['head'], kinds: ['path'] },
  { names: ['off'], kinds: ['ablate'] },
  { names: ['direction'], kinds: ['patch'] },
  { names: ['seed'], kinds: ['generate', 'head-roles'] },
]

/** @returns null where a view is asked for @throws UsageError */
export function parseQuestion(options: Options): Question | null {
  const kind = kindOf(options)
  for (const { names, kinds } of GOES_WITH) {
    const stray = names.find((name) => options[name] !== undefined)
    if (stray === undefined || kinds.some((one) => one === kind)) continue
    throw new UsageError(`--${stray} goes with ${kinds.map((one) => `--${one}`).join(', ')}.`)
  }
  if (kind === null) return null
  if (options.text === undefined || options.what !== undefined)
    throw new UsageError(`--${typedFor(kind, options)} goes with --text, and without --what.`)
  const { target = null, foil = null, space = 'score' } = options
  const aimed: Aimed = { target, foil, space: wordOf('space', TARGET_SPACES, space) }
  switch (kind) {
    case 'method': {
      const method = wordOf('method', ATTRIBUTION_METHODS, options.method ?? '')
      return { kind, ...aimed, method, options: parseMethodOptions(options) }
    }
    case 'edits':
      return { kind, ...aimed, ...parseEdits(options) }
    case 'flip': {
      const { goal = 'flip', moves = 'delete,replace' } = options
      return { kind, ...aimed, goal: wordOf('goal', GOALS, goal), moves: wordsOf('moves', COUNTERFACTUAL_MOVES, moves) }
    }
    case 'pairs':
      return { kind, ...aimed, options: parseUnits(options) }
    case 'generate':
      return parseGenerate(options)
    case 'lens':
    case 'logit-attribution':
      return { kind, ...aimed, at: options.at ?? null }
    case 'head-roles':
      return {
        kind,
        role: wordOf('head-roles', MEASURED_ROLES, options['head-roles'] ?? ''),
        random: orNull(options.seed, (typed) => numberOf('seed', typed, /^\d{1,9}$/, 'a whole number')),
      }
    case 'path':
      return { kind, at: options.at ?? null, head: orNull(options.head, headOf) }
    case 'ablate':
      return { kind, ...aimed, ...parseAblation(options) }
    case 'patch':
      return { kind, ...aimed, ...parsePatching(options) }
  }
}

/** @throws UsageError */
function kindOf(options: Options): Kind | null {
  const { method, edits, words, flip, pairs, generate, lens, path, ablate, patch } = options
  const [shares, roles] = [options['logit-attribution'], options['head-roles']]
  const asked: Readonly<Record<Kind, unknown>> = {
    method,
    edits: edits ?? words,
    flip,
    pairs,
    generate,
    lens,
    'logit-attribution': shares,
    'head-roles': roles,
    path,
    ablate,
    patch,
  }
  const kinds = (
    ['method', 'edits', 'flip', 'pairs', 'generate', 'lens', 'logit-attribution', 'head-roles', 'path', 'ablate', 'patch'] as const
  ).filter((kind) => asked[kind] !== undefined)
  const [first = null, second] = kinds
  if (first !== null && second !== undefined) {
    throw new UsageError(`--${typedFor(first, options)} and --${typedFor(second, options)} exclude each other.`)
  }
  return first
}

/** @throws UsageError */
function headOf(typed: string): NonNullable<PathQuestion['head']> {
  const [, layer, head] = /^(\d{1,4})\.(\d{1,4})$/.exec(typed) ?? []
  if (layer === undefined || head === undefined) throw new UsageError(`--head takes a layer and a head from 0, such as 2.5; not ${typed}.`)
  return { layer: Number(layer), head: Number(head) }
}

/** @throws UsageError */
function parseAblation(options: Options): Pick<AblationQuestion, 'by' | 'gates'> {
  const by = wordOf('ablate', ABLATION_KINDS, options.ablate ?? '')
  if (by === 'resample' && options['text-b'] === undefined)
    throw new UsageError('--ablate resample takes what parts give in the other text: --text-b is missing.')
  const typed = (options.off ?? '').split(',').filter((part) => part.trim() !== '')
  return { by, gates: typed.map(gateOf) }
}

/** `2.7` a head, `a2` an attention block, `m2` an MLP, layers and heads from 0; what is left of it behind a colon. @throws UsageError */
function gateOf(typed: string): Gate {
  const [, head, block, left = '0'] = /^(?:(\d{1,4}\.\d{1,4})|([am]\d{1,4}))(?::(-?\d+(?:\.\d+)?))?$/.exec(typed.trim()) ?? []
  if (head === undefined && block === undefined)
    throw new UsageError(
      `--off takes parts with commas, such as 2.7,a2,m3:0.5 (head, attention, MLP at half), counted from 0; not ${typed}.`,
    )
  const part: ModelPart =
    head === undefined
      ? { kind: block?.startsWith('a') ? 'attention' : 'mlp', layer: Number(block?.slice(1)), head: null }
      : { kind: 'head', ...headOf(head) }
  return { part, scale: Number(left) }
}

/** @throws UsageError */
function parsePatching(options: Options): Pick<PatchingQuestion, 'map' | 'direction'> {
  if (options['text-b'] === undefined) throw new UsageError('--patch puts activations of one text into the other: --text-b is missing.')
  const direction = wordOf('direction', PATCH_DIRECTIONS, options.direction ?? 'denoise')
  return { map: wordOf('patch', PATCH_MAP_IDS, options.patch ?? ''), direction }
}

/** The option that was typed for a question. */
function typedFor(kind: Kind, { edits }: Options): keyof Options {
  return kind === 'edits' && edits === undefined ? 'words' : kind
}

/** @throws UsageError */
function parseMethodOptions(options: Options): MethodQuestion['options'] {
  const { baseline = 'zero', layer = '0', noise = '0.5', features = '0' } = options
  const known = wordOf('baseline', BASELINES, baseline)
  if (known === 'reference' && options['text-b'] === undefined)
    throw new UsageError('--baseline reference begins at the other text: --text-b is missing.')
  if (!/^\d{1,4}$/.test(layer))
    throw new UsageError(`--layer takes a number: 0 for the embeddings, n for what layer n leaves; not ${layer}.`)
  if (!(Number(noise) > 0)) throw new UsageError(`--noise takes a share of a typical embedding, such as 0.5; not ${noise}.`)
  if (!/^\d+$/.test(features)) throw new UsageError(`--features takes how many units LIME may use, or 0 for all; not ${features}.`)
  return { ...parseUnits(options), baseline: known, layer: Number(layer), noise: Number(noise), features: Number(features) }
}

/** @throws UsageError */
function parseUnits({ absence, unit = 'token' }: Options): InteractionsQuestion['options'] {
  return { removal: absence === undefined ? null : wordOf('absence', REMOVALS, absence), unit: wordOf('unit', UNITS, unit) }
}

/** @throws UsageError */
function parseEdits({ edits, words, at, sort = 'text' }: Options): Pick<EditsQuestion, 'families' | 'words' | 'sort'> {
  if (words !== undefined && at === undefined) throw new UsageError('--at is missing: the token in whose place the words are put.')
  if (words === undefined && at !== undefined) throw new UsageError('--at goes with --words.')
  const typed = (words ?? '').split(',').map((word) => word.trim())
  const list = Array.from(new Set(typed.filter((word) => word !== '')))
  if (words !== undefined && list.length === 0) throw new UsageError('--words takes words with commas, such as good,great.')
  return {
    families: edits === undefined ? [] : wordsOf('edits', EDIT_FAMILIES, edits),
    words: at === undefined ? null : { list, at },
    sort: wordOf('sort', SORTS, sort),
  }
}

/** @throws UsageError */
function parseGenerate(options: Options): GenerateQuestion {
  const { generate = '20', temperature = '0', seed = '0', chat = false } = options
  return {
    kind: 'generate',
    count: numberOf('generate', generate, /^\d{1,5}$/, 'how many tokens are added at most'),
    rules: {
      temperature: numberOf('temperature', temperature, SHARE, '0 for the most likely token, or a number above'),
      topK: orNull(options['top-k'], (typed) => numberOf('top-k', typed, /^[1-9]\d{0,6}$/, 'how many tokens are kept')),
      topP: orNull(options['top-p'], (typed) => shareOf('top-p', typed)),
      minP: orNull(options['min-p'], (typed) => shareOf('min-p', typed)),
      typical: orNull(options.typical, (typed) => shareOf('typical', typed)),
    },
    seed: numberOf('seed', seed, /^\d{1,9}$/, 'a whole number'),
    chat,
  }
}

const SHARE = /^\d+(\.\d+)?$|^\.\d+$/

function orNull<Value>(typed: string | undefined, read: (typed: string) => Value): Value | null {
  return typed === undefined ? null : read(typed)
}

/** @throws UsageError */
function numberOf(option: string, typed: string, form: RegExp, meaning: string): number {
  if (!form.test(typed)) throw new UsageError(`--${option} takes ${meaning}; not ${typed}.`)
  return Number(typed)
}

/** @throws UsageError */
function shareOf(option: string, typed: string): number {
  const share = numberOf(option, typed, SHARE, 'a number from 0 to 1')
  if (share > 1) throw new UsageError(`--${option} takes a number from 0 to 1; not ${typed}.`)
  return share
}

/** Whether a model is to be opened with gradients, and with its vocabulary's embeddings: both take a moment. */
export function takesGradients(question: Question): boolean {
  switch (question.kind) {
    case 'method':
      return needsGradients(question.method) || takesEmbeddings(question.options)
    case 'edits':
      return question.families.includes('neighbour')
    case 'flip':
      return question.moves.includes('replace')
    case 'pairs':
      return takesEmbeddings(question.options)
    case 'lens':
      return true
    case 'generate':
    case 'logit-attribution':
    case 'head-roles':
    case 'path':
    case 'ablate':
    case 'patch':
      return false
  }
}

function takesEmbeddings({ removal }: AskedRemoval): boolean {
  return removal === 'zero' || removal === 'neighbour'
}
