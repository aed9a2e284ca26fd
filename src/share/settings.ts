// Every setting that a link restores, in one table: its name in the link, its first value, how it is read and written.

import { ATTRIBUTION_METHODS, type AttributionMethodId } from '#catalogue/attribution-methods'
import { BASELINES, REMOVALS, TARGET_SPACES, UNITS } from '#catalogue/attribution-options'
import { ATTENTION_CHART_IDS, ATTRIBUTION_CHART_IDS } from '#catalogue/charts'
import { HEAD_MEASURES, HEAD_SOURCES } from '#catalogue/head-measures'
import { ABLATION_KINDS, PATCH_DIRECTIONS, PATCH_MAP_IDS } from '#catalogue/interventions'
import { LANGUAGE_CODES } from '#catalogue/languages'
import { HIDEABLE, type HideablePart, LESSON_PLACES } from '#catalogue/lessons'
import { TABS } from '#catalogue/tabs'
import type { HeadRef } from '#methods/attention/attention'
import type { Gate } from '#methods/intervention/activation-change'
import { formatEdits, MAX_LINK_EDITS, parseEdits } from '#text/edit-link'
import { choice, type Field, field, nullable, text } from './field.ts'
import { DEFAULT_MODEL, readModelRef, writeModelRef } from './model-ref.ts'

/** The sentence that greets a new reader, and the one whose runs the snapshot holds. */
export const DEFAULT_TEXT = 'The film is not bad at all.'

/** More edits than a link holds are not made either. */
export const MAX_EDITS = MAX_LINK_EDITS

/** One token of one side: `a3` in a link. */
export interface TokenRef {
  readonly side: 'a' | 'b'
  readonly index: number
}

/** More heads than large models have (32 layers of 32): each costs a matrix when it is drawn. */
const MAX_LINK_HEADS = 1024

const heads = field<readonly HeadRef[]>(
  'h',
  [],
  (value) => {
    if (value === '') return []
    const parts = [...new Set(value.split('_'))]
    if (parts.length > MAX_LINK_HEADS) return undefined
    const refs = parts.map((ref) => /^(\d{1,3})\.(\d{1,3})$/.exec(ref))
    const read = refs.map((match) => ({ layer: Number(match?.[1]) - 1, head: Number(match?.[2]) - 1 }))
    return read.every(({ layer, head }) => layer >= 0 && head >= 0) ? read : undefined
  },
  (value) => value.map(({ layer, head }) => `${layer + 1}.${head + 1}`).join('_'),
)

/** `3.7` a head, `3a` an attention block, `3m` an MLP; what is left of it in percent behind a colon, unless that is nothing. */
const GATE = /^(\d{1,3})(?:\.(\d{1,3})|(a|m))(?::(-?\d{1,3}))?$/

const gates = field<readonly Gate[]>(
  'ig',
  [],
  (value) => {
    if (value === '') return []
    const parts = [...new Set(value.split('_'))]
    if (parts.length > MAX_LINK_HEADS) return undefined
    const read = parts.map((text): Gate | null => {
      const [, layer, head, block, left = '0'] = GATE.exec(text) ?? []
      if (layer === undefined || layer === '0' || head === '0') return null
      const kind = head !== undefined ? 'head' : block === 'a' ? 'attention' : 'mlp'
      return { part: { kind, layer: Number(layer) - 1, head: head === undefined ? null : Number(head) - 1 }, scale: Number(left) / 100 }
    })
    const known = read.filter((gate) => gate !== null)
    return known.length === read.length ? known : undefined
  },
  (value) =>
    value
      .map(({ part: { kind, layer, head }, scale }) => {
        const name = kind === 'head' ? `.${(head ?? 0) + 1}` : kind === 'attention' ? 'a' : 'm'
        return `${layer + 1}${name}${scale === 0 ? '' : `:${Math.round(scale * 100)}`}`
      })
      .join('_'),
)

/** How far the reader has looked into the model: a block of it, a head, one cell of the head. From 0. */
export interface PathZoom {
  readonly layer: number
  readonly head: number | null
  /** Positions in the text. */
  readonly cell: { readonly query: number; readonly key: number } | null
}

/** `3` a block, `3.2` a head, `3.2.7-4` a cell by query and key. */
const ZOOM = /^([1-9]\d{0,2})(?:\.([1-9]\d{0,2})(?:\.([1-9]\d{0,3})-([1-9]\d{0,3}))?)?$/

const pathZoom = field<PathZoom | null>(
  'pz',
  null,
  (value) => {
    const [, layer, head, query, key] = ZOOM.exec(value) ?? []
    if (layer === undefined) return undefined
    const cell = query === undefined || key === undefined ? null : { query: Number(query) - 1, key: Number(key) - 1 }
    return { layer: Number(layer) - 1, head: head === undefined ? null : Number(head) - 1, cell }
  },
  (value) => {
    if (value === null) return ''
    const { layer, head, cell } = value
    const place = cell === null ? '' : `.${cell.query + 1}-${cell.key + 1}`
    return head === null ? `${layer + 1}` : `${layer + 1}.${head + 1}${place}`
  },
)

const edits = (param: string) =>
  field(
    param,
    parseEdits(''),
    (value) => {
      try {
        return parseEdits(value)
      } catch {
        return undefined
      }
    },
    formatEdits,
  )

const token = (param: string): Field<TokenRef | null> =>
  field<TokenRef | null>(
    param,
    null,
    (value) => {
      const match = /^([ab])(\d{1,4})$/.exec(value)
      return match ? { side: match[1] === 'b' ? 'b' : 'a', index: Number(match[2]) } : undefined
    },
    (value) => (value === null ? '' : `${value.side}${value.index}`),
  )

/** Edits that are tried one by one, in the order in which they are offered. */
export const EDIT_FAMILIES = ['mask', 'delete', 'neighbour', 'random', 'swap', 'typo'] as const
/** What a search for the smallest change may do. */
export const COUNTERFACTUAL_MOVES = ['delete', 'mask', 'replace'] as const

/** Some of a list, in its order. */
const someOf = <Item extends string>(param: string, all: readonly Item[], initial: readonly Item[]) =>
  field<readonly Item[]>(
    param,
    initial,
    (value) => {
      const named = value.split('_').filter((name) => name !== '')
      const known = all.filter((item) => named.includes(item))
      return known.length === new Set(named).size ? known : undefined
    },
    (value) => value.join('_'),
  )

/** They ask the model about other texts, so neither contradicts its answer; the second streams in behind the first. */
export const DEFAULT_METHODS: readonly AttributionMethodId[] = ['leave-one-out', 'interpolated-shapley']

const methods = someOf<AttributionMethodId>('am', ATTRIBUTION_METHODS, DEFAULT_METHODS)
const families = someOf('ef', EDIT_FAMILIES, ['delete'])
const hidden = someOf<HideablePart>('hi', HIDEABLE, [])
const counterfactualMoves = someOf('fm', COUNTERFACTUAL_MOVES, ['delete', 'replace'])

const index = (param: string) => field<number>(param, 0, (value) => (/^\d{1,7}$/.test(value) ? Number(value) : undefined), String)

const hundredths = (param: string, initial: number) =>
  field<number>(param, initial, (value) => (/^\d{1,3}$/.test(value) ? Number(value) : undefined), String)

const model = (param: string) => field(param, DEFAULT_MODEL, readModelRef, writeModelRef)

export const SETTINGS = {
  model: model('m'),
  /** A second model that reads the same sentence; null for none. */
  modelB: nullable(model('mb')),
  textA: text('a', DEFAULT_TEXT),
  editsA: edits('ea'),
  /** Null: no second input. */
  textB: nullable(text('b', '')),
  editsB: edits('eb'),
  /** Whether the text stands as a message in the model's chat template, where it has one. */
  chat: choice('ct', ['off', 'on']),
  /** What A is compared with; `auto` takes the second model, else B, else the unedited text, else the text before. */
  against: choice('vs', ['auto', 'model', 'b', 'unedited', 'before', 'none']),
  pane: choice('p', ['a', 'b', 'difference', 'all']),
  /** Which question is looked into. */
  tab: choice('v', TABS),
  /** Attribution methods on screen, in the order of the list. */
  methods,
  /** What is attributed: a class or a token of the vocabulary; null for the answer itself. */
  target: nullable(index('tg')),
  /** What it is compared with; null for nothing. */
  foil: nullable(index('tf')),
  targetSpace: choice('ts', TARGET_SPACES),
  baseline: choice('bl', BASELINES),
  /** Point of the residual stream for gradients of a layer: 0 for the embeddings. */
  residualPoint: index('al'),
  /** How a unit is taken away; null for the mask token where there is one, and else deletion. */
  removal: nullable(choice('ab', REMOVALS)),
  unit: choice('un', UNITS),
  /** Length of noise in percent of a typical embedding's. */
  noise: field('no', 50, (value) => (/^\d{1,3}$/.test(value) ? Number(value) : undefined), String),
  /** Units that LIME's linear model may use; 0 for all. */
  features: index('lf'),
  /** Whether a language model's chosen token is explained itself, or what comes after it. */
  explains: choice('ex', ['itself', 'after']),
  attributionChart: choice('ac', ATTRIBUTION_CHART_IDS),
  /** What is asked of edits: each by itself, the smallest that flip the answer, or what every two units do together. */
  whatIfView: choice('wi', ['scan', 'counterfactuals', 'interactions']),
  /** Edits that are tried on every unit. */
  families,
  /** Words that are put in the place of the chosen token, between commas. */
  tryWords: text('tw', ''),
  whatIfOrder: choice('wo', ['change', 'text', 'attention', 'similarity']),
  /** Whether the rows stand in the usual direction of their order, or the other way round. */
  whatIfDirection: choice('wd', ['usual', 'reversed']),
  /** Whether every two units are tried together. */
  interactions: choice('pr', ['off', 'on']),
  counterfactualGoal: choice('fg', ['flip', 'halve']),
  counterfactualMoves,
  /** How the next token is chosen, in hundredths: the temperature, 0 for the most likely token ... */
  temperature: hundredths('gt', 70),
  /** ... and cuts: tokens kept at most, 0 for all; the probability that the kept ones reach; the least share of the most likely one's. */
  topK: index('gk'),
  topP: hundredths('gp', 90),
  minP: hundredths('gm', 0),
  /** The probability that the most typical tokens reach. */
  typical: hundredths('gy', 100),
  /** What draws: the same seed draws the same tokens. */
  seed: index('gs'),
  /** Tokens that are added at once. */
  generateCount: field<number>('gn', 20, (value) => (/^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined), String),
  /** What is open inside the model; null for nothing. */
  pathZoom,
  /** What its heads are coloured by, and on what that is measured. */
  headMeasure: choice('hm', HEAD_MEASURES),
  headSource: choice('hs', HEAD_SOURCES),
  /** Parts of the model that are switched off or scaled ... */
  gates,
  /** ... by what stands in their place ... */
  ablation: choice('ik', ABLATION_KINDS),
  /** ... or activations that are patched from one text into the other. */
  interveneView: choice('iv', ['ablate', 'patch']),
  patchMap: choice('im', PATCH_MAP_IDS),
  patchDirection: choice('id', PATCH_DIRECTIONS),
  /** What attention charts show: probabilities, or these times the target's gradient, which add up to the importance of heads. */
  weighting: choice('wt', ['attention', 'gradient', 'importance']),
  rowScale: choice('rs', ['own', 'same']),
  chart: choice('c', ATTENTION_CHART_IDS),
  /** None: the head that is worth seeing first is shown. */
  heads,
  reduce: choice('r', ['each', 'mean', 'max']),
  /** By what heads are ranked; `auto`: by change where A is compared, else by importance, or by what they send to content. */
  gridOrder: choice('o', ['auto', 'change', 'focus', 'distance', 'importance']),
  /** The chosen token; in an attention cell, the query. */
  token: token('t'),
  /** The key of the chosen cell. */
  key: token('k'),
  /** What the words of the sentence are tinted by. */
  tint: choice('ti', ['attribution', 'attention', 'surprise']),
  specials: choice('sp', ['shown', 'hidden']),
  /** Whether attention goes without the tokens that take it and say nothing: [CLS], [SEP], a first token. */
  sinks: choice('sk', ['aside', 'shown']),
  zoom: choice('z', ['fit', 'readable']),
  /** Lines of attention below this weight are not drawn, in percent. */
  threshold: field('th', 10, (value) => (/^\d{1,3}$/.test(value) && Number(value) <= 100 ? Number(value) : undefined), String),
  /** The lesson beside the page, and where the reader is in it: 0 for its goal. */
  lesson: choice('ln', LESSON_PLACES),
  lessonStep: index('ls'),
  /** Parts of the page that a class does without. */
  hidden,
  theme: choice('d', ['system', 'light', 'dark']),
  language: choice('l', ['auto', ...LANGUAGE_CODES]),
  size: choice('sz', ['normal', 'presentation']),
  backend: choice('be', ['auto', 'webgpu', 'wasm']),
  /** How weights of few bits are held. */
  weights: choice('w', ['auto', 'packed', 'float32']),
} satisfies Record<string, Field<unknown>>

type Table = typeof SETTINGS
type ValueOf<F> = F extends Field<infer Value> ? Value : never

export type Settings = { readonly [Name in keyof Table]: ValueOf<Table[Name]> }

const names = Object.keys(SETTINGS) as (keyof Settings)[]

/** Each setting's first value. */
export const INITIAL_SETTINGS = Object.fromEntries(names.map((name) => [name, SETTINGS[name].initial])) as Settings

/** Raised whenever a first value changes, which is then noted in `EARLIER`: what a link leaves out keeps its meaning. */
const LINK_VERSION = 2
const VERSION_PARAM = 'lv'
/** First values as they were in links of earlier versions, where they were others than in the next one. A link without a version is of the first. */
const EARLIER: readonly { readonly upTo: number; readonly values: Partial<Settings> }[] = [
  {
    upTo: 1,
    values: {
      tab: 'attention',
      methods: ['saliency', 'input-x-gradient'],
      heads: [{ layer: 2, head: 0 }],
      sinks: 'shown',
      whatIfOrder: 'text',
    },
  },
]

/** What settings are that a link of a version does not name. */
function firstValues(version: number): Settings {
  const changed = EARLIER.filter(({ upTo }) => version <= upTo).map(({ values }) => values)
  return Object.assign({}, INITIAL_SETTINGS, ...changed.toReversed())
}

/** Parts of earlier links that are no settings any more, and what each value of theirs means now. */
const RETIRED: Readonly<Record<string, Readonly<Record<string, Partial<Settings>>>>> = {
  // Columns of words, beside units of their own: both are one setting.
  gr: { token: {}, word: { unit: 'word' } },
}

/** The longest link that is read: two texts of the greatest length, each character as nine of percent-encoding; beyond it is no link of ours. */
const MAX_LINK_LENGTH = 400_000

export interface ReadLink {
  readonly settings: Settings
  /** Parts of the link that could not be read: unknown names, values out of range. Their settings stay as they were at first. */
  readonly damaged: readonly string[]
}

/** Settings from the part of an address after `#`. Never throws: what cannot be read is reported. */
export function readLink(fragment: string): ReadLink {
  if (fragment.length > MAX_LINK_LENGTH) return { settings: INITIAL_SETTINGS, damaged: ['#'] }
  if (fragment === '') return { settings: INITIAL_SETTINGS, damaged: [] }
  const read: Record<string, unknown> = {}
  const retired: Partial<Settings> = {}
  const damaged: string[] = []
  let version = 1
  for (const part of fragment.split('&').filter((part) => part !== '')) {
    const [param = '', encoded = ''] = part.split(/=(.*)/s, 2)
    if (param === VERSION_PARAM) {
      version = Number(encoded)
      // Of a newer page: what it leaves out may mean something else.
      if (!Number.isInteger(version) || version < 1 || version > LINK_VERSION) damaged.push(param)
      continue
    }
    const name = names.find((candidate) => SETTINGS[candidate].param === param)
    const decoded = decode(encoded)
    const value = name && decoded !== undefined ? SETTINGS[name].read(decoded) : undefined
    const meant = Object.hasOwn(RETIRED, param) ? RETIRED[param]?.[decoded ?? ''] : undefined
    if (name && value !== undefined) read[name] = value
    else if (meant !== undefined) Object.assign(retired, meant)
    else damaged.push(param)
  }
  return { settings: { ...firstValues(Number.isNaN(version) ? LINK_VERSION : version), ...retired, ...read }, damaged }
}

/**
 * The part of an address after `#` that `readLink` turns into the same settings, now and when first values have changed: with its version
 * and the text; other first values are left out.
 */
export function writeLink(settings: Settings): string {
  const fields = names.flatMap((name) => {
    const entry: Field<unknown> = SETTINGS[name]
    const written = entry.write(settings[name])
    return name !== 'textA' && written === entry.write(entry.initial) ? [] : [`${entry.param}=${encodeURIComponent(written)}`]
  })
  return [`${VERSION_PARAM}=${LINK_VERSION}`, ...fields].join('&')
}

/** Whether nothing differs from a page that was opened without a link. */
export function areInitial(settings: Settings): boolean {
  return writeLink(settings) === writeLink(INITIAL_SETTINGS)
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
