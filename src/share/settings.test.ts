import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ATTRIBUTION_METHODS } from '#catalogue/attribution-methods'
import { BASELINES, REMOVALS, UNITS } from '#catalogue/attribution-options'
import { HEAD_MEASURES, HEAD_SOURCES } from '#catalogue/head-measures'
import { ABLATION_KINDS, PATCH_DIRECTIONS, PATCH_MAP_IDS } from '#catalogue/interventions'
import { HIDEABLE, LESSON_PLACES } from '#catalogue/lessons'
import type { Gate } from '#methods/intervention/activation-change'
import type { TokenEdit } from '#text/edit'
import { type Field, MAX_TEXT_LENGTH } from './field.ts'
import { EMBEDDED, type ModelRef } from './model-ref.ts'
import {
  COUNTERFACTUAL_MOVES,
  EDIT_FAMILIES,
  INITIAL_SETTINGS,
  readLink,
  SETTINGS,
  type Settings,
  type TokenRef,
  writeLink,
} from './settings.ts'

/** All words of a setting: the compiler finds one that is missing, and one too many. */
const wordsOf = <Word extends string>(words: Readonly<Record<Word, true>>): readonly Word[] => Object.keys(words) as Word[]

const WORDS = {
  against: wordsOf<Settings['against']>({ auto: true, model: true, b: true, unedited: true, before: true, none: true }),
  pane: wordsOf<Settings['pane']>({ a: true, b: true, difference: true, all: true }),
  tab: wordsOf<Settings['tab']>({ attention: true, attribution: true, 'what-if': true, generate: true, inside: true, intervene: true }),
  interveneView: wordsOf<Settings['interveneView']>({ ablate: true, patch: true }),
  whatIfOrder: wordsOf<Settings['whatIfOrder']>({ text: true, change: true, attention: true, similarity: true }),
  whatIfView: wordsOf<Settings['whatIfView']>({ scan: true, counterfactuals: true, interactions: true }),
  whatIfDirection: wordsOf<Settings['whatIfDirection']>({ usual: true, reversed: true }),
  interactions: wordsOf<Settings['interactions']>({ off: true, on: true }),
  counterfactualGoal: wordsOf<Settings['counterfactualGoal']>({ flip: true, halve: true }),
  targetSpace: wordsOf<Settings['targetSpace']>({ score: true, probability: true, 'log-probability': true }),
  rowScale: wordsOf<Settings['rowScale']>({ own: true, same: true }),
  chart: wordsOf<Settings['chart']>({ heatmap: true, flow: true, arcs: true, token: true }),
  reduce: wordsOf<Settings['reduce']>({ each: true, mean: true, max: true }),
  gridOrder: wordsOf<Settings['gridOrder']>({ auto: true, change: true, focus: true, distance: true, importance: true }),
  explains: wordsOf<Settings['explains']>({ itself: true, after: true }),
  attributionChart: wordsOf<Settings['attributionChart']>({ rows: true, ranked: true, waterfall: true, force: true, samples: true }),
  weighting: wordsOf<Settings['weighting']>({ attention: true, gradient: true, importance: true }),
  tint: wordsOf<Settings['tint']>({ attribution: true, attention: true, surprise: true }),
  specials: wordsOf<Settings['specials']>({ shown: true, hidden: true }),
  sinks: wordsOf<Settings['sinks']>({ aside: true, shown: true }),
  zoom: wordsOf<Settings['zoom']>({ fit: true, readable: true }),
  theme: wordsOf<Settings['theme']>({ system: true, light: true, dark: true }),
  language: wordsOf<Settings['language']>({ auto: true, en: true, zh: true }),
  size: wordsOf<Settings['size']>({ normal: true, presentation: true }),
  backend: wordsOf<Settings['backend']>({ auto: true, webgpu: true, wasm: true }),
  weights: wordsOf<Settings['weights']>({ auto: true, packed: true, float32: true }),
  chat: wordsOf<Settings['chat']>({ off: true, on: true }),
}

/** Text as a reader types it: any script, marks that mean something in a link, emoji. A link cannot carry lone surrogates. */
const typed = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('&', '=', '#', '%', '~', '+', ' ', '.', '_', ':', 'é', '中', '🙂', '\n', '\u0000'), maxLength: 30 }),
)
const at = fc.nat({ max: 511 })
const edit: fc.Arbitrary<TokenEdit> = fc.oneof(
  fc.record({ kind: fc.constantFrom('mask' as const, 'delete' as const, 'duplicate' as const, 'swap' as const), at }),
  fc.record({
    kind: fc.constant('replace' as const),
    at,
    word: typed.filter((word) => word !== '').map((word) => word.slice(0, 30).toWellFormed()),
  }),
)
const head = fc.record({ layer: fc.nat({ max: 79 }), head: fc.nat({ max: 63 }) })
const layer = fc.nat({ max: 79 })
const gate: fc.Arbitrary<Gate> = fc.record({
  part: fc.oneof(
    fc.record({ kind: fc.constant('head' as const), layer, head: fc.nat({ max: 63 }) }),
    fc.record({ kind: fc.constantFrom('attention' as const, 'mlp' as const), layer, head: fc.constant(null) }),
  ),
  scale: fc.constantFrom(0, 0.5, 2, -1, 0.29),
})
const token: fc.Arbitrary<TokenRef | null> = fc.option(fc.record({ side: fc.constantFrom('a' as const, 'b' as const), index: at }))
const path = fc.constantFrom('onnx/model_q4.onnx', 'model.onnx', 'a b/c+d.onnx')
const model: fc.Arbitrary<ModelRef> = fc.oneof(
  fc.record({ kind: fc.constant('embedded' as const), id: fc.constantFrom(...EMBEDDED) }),
  fc.record({
    kind: fc.constant('hub' as const),
    repo: fc.constantFrom('owner/name', 'Xe-n.o_va/na.me'),
    revision: fc.constantFrom('main', 'refs/pr/1', '0123abc'),
    file: path,
  }),
  fc.record({
    kind: fc.constant('local' as const),
    name: fc.constantFrom('my model', '模型'),
    file: path,
    digest: fc.constantFrom('', '0123456789abcdef'),
  }),
)
const settings: fc.Arbitrary<Settings> = fc.record({
  model,
  modelB: fc.option(model),
  chat: fc.constantFrom(...WORDS.chat),
  weights: fc.constantFrom(...WORDS.weights),
  textA: typed,
  editsA: fc.array(edit, { maxLength: 6 }),
  textB: fc.option(typed),
  editsB: fc.array(edit, { maxLength: 6 }),
  against: fc.constantFrom(...WORDS.against),
  pane: fc.constantFrom(...WORDS.pane),
  tab: fc.constantFrom(...WORDS.tab),
  methods: fc.subarray([...ATTRIBUTION_METHODS]),
  baseline: fc.constantFrom(...BASELINES),
  residualPoint: fc.nat({ max: 100 }),
  explains: fc.constantFrom(...WORDS.explains),
  removal: fc.option(fc.constantFrom(...REMOVALS)),
  unit: fc.constantFrom(...UNITS),
  families: fc.subarray([...EDIT_FAMILIES]),
  lesson: fc.constantFrom(...LESSON_PLACES),
  lessonStep: fc.nat({ max: 99 }),
  hidden: fc.subarray([...HIDEABLE]),
  tryWords: typed,
  whatIfOrder: fc.constantFrom(...WORDS.whatIfOrder),
  whatIfView: fc.constantFrom(...WORDS.whatIfView),
  whatIfDirection: fc.constantFrom(...WORDS.whatIfDirection),
  interactions: fc.constantFrom(...WORDS.interactions),
  counterfactualGoal: fc.constantFrom(...WORDS.counterfactualGoal),
  counterfactualMoves: fc.subarray([...COUNTERFACTUAL_MOVES]),
  noise: fc.nat({ max: 999 }),
  features: fc.nat({ max: 9_999_999 }),
  temperature: fc.nat({ max: 999 }),
  topK: fc.nat({ max: 9_999_999 }),
  topP: fc.nat({ max: 999 }),
  minP: fc.nat({ max: 999 }),
  typical: fc.nat({ max: 999 }),
  seed: fc.nat({ max: 9_999_999 }),
  generateCount: fc.integer({ min: 1, max: 9999 }),
  pathZoom: fc.option(
    fc.oneof(
      fc.record({ layer, head: fc.constant(null), cell: fc.constant(null) }),
      fc.record({ layer, head: fc.nat({ max: 63 }), cell: fc.option(fc.record({ query: at, key: at })) }),
    ),
  ),
  headMeasure: fc.constantFrom(...HEAD_MEASURES),
  headSource: fc.constantFrom(...HEAD_SOURCES),
  gates: fc.uniqueArray(gate, { maxLength: 8, selector: ({ part }) => JSON.stringify(part) }),
  ablation: fc.constantFrom(...ABLATION_KINDS),
  interveneView: fc.constantFrom(...WORDS.interveneView),
  patchMap: fc.constantFrom(...PATCH_MAP_IDS),
  patchDirection: fc.constantFrom(...PATCH_DIRECTIONS),
  attributionChart: fc.constantFrom(...WORDS.attributionChart),
  weighting: fc.constantFrom(...WORDS.weighting),
  target: fc.option(fc.nat({ max: 300_000 })),
  foil: fc.option(fc.nat({ max: 300_000 })),
  targetSpace: fc.constantFrom(...WORDS.targetSpace),
  rowScale: fc.constantFrom(...WORDS.rowScale),
  chart: fc.constantFrom(...WORDS.chart),
  heads: fc.uniqueArray(head, { maxLength: 8, selector: (ref) => `${ref.layer}.${ref.head}` }),
  reduce: fc.constantFrom(...WORDS.reduce),
  gridOrder: fc.constantFrom(...WORDS.gridOrder),
  token,
  key: token,
  tint: fc.constantFrom(...WORDS.tint),
  specials: fc.constantFrom(...WORDS.specials),
  sinks: fc.constantFrom(...WORDS.sinks),
  zoom: fc.constantFrom(...WORDS.zoom),
  threshold: fc.nat({ max: 100 }),
  theme: fc.constantFrom(...WORDS.theme),
  language: fc.constantFrom(...WORDS.language),
  size: fc.constantFrom(...WORDS.size),
  backend: fc.constantFrom(...WORDS.backend),
})

describe('a link', () => {
  it('restores all settings', () => {
    fc.assert(
      fc.property(settings, (given) => {
        expect(readLink(writeLink(given))).toEqual({ settings: given, damaged: [] })
      }),
      { numRuns: 300 },
    )
  })

  it('is made of characters that an address bar leaves alone', () => {
    fc.assert(
      fc.property(settings, (given) => {
        expect(writeLink(given)).toMatch(/^[A-Za-z0-9\-_.!~*'()%&=]*$/)
      }),
    )
  })

  it('holds its version and the text, also where that is the first one', () => {
    expect(writeLink(INITIAL_SETTINGS)).toBe('lv=2&a=The%20film%20is%20not%20bad%20at%20all.')
    expect(readLink('')).toEqual({ settings: INITIAL_SETTINGS, damaged: [] })
  })

  it('holds what else differs from the first values, and no more', () => {
    expect(writeLink({ ...INITIAL_SETTINGS, textA: 'so bad', textB: '', pane: 'difference' })).toBe('lv=2&a=so%20bad&b=~&p=difference')
  })

  it('of an earlier version means what it meant', () => {
    const meant = { tab: 'attention', methods: ['saliency', 'input-x-gradient'], heads: [{ layer: 2, head: 0 }] }
    expect(readLink('a=so%20bad').settings).toMatchObject({ ...meant, textA: 'so bad' })
    expect(readLink('a=so%20bad&v=what-if').settings.tab).toBe('what-if')
    expect(readLink('lv=2&a=so%20bad')).toEqual({ settings: { ...INITIAL_SETTINGS, textA: 'so bad' }, damaged: [] })
  })

  it('with words as columns, which were a setting of their own, removes words', () => {
    expect(readLink('a=x&gr=word')).toMatchObject({ settings: { unit: 'word' }, damaged: [] })
    expect(readLink('a=x&un=sentence&gr=word')).toMatchObject({ settings: { unit: 'sentence' }, damaged: [] })
    expect(readLink('a=x&gr=token')).toMatchObject({ settings: { unit: 'token' }, damaged: [] })
    expect(readLink('a=x&gr=letter').damaged).toEqual(['gr'])
  })

  it('of this version means what it means now: whoever changes a first value raises the version, and notes the old one', () => {
    const written = Object.fromEntries(
      Object.entries(SETTINGS).map(([name, entry]) => [name, (entry as Field<unknown>).write(entry.initial)]),
    )
    expect(written).toMatchSnapshot()
  })

  it('of a later version is read, with a warning', () => {
    expect(readLink('lv=3&a=x')).toMatchObject({ settings: { textA: 'x' }, damaged: ['lv'] })
    expect(readLink('lv=x&a=x')).toMatchObject({ settings: { textA: 'x' }, damaged: ['lv'] })
  })

  it('tells an empty second text from none', () => {
    expect(readLink('b=~').settings.textB).toBe('')
    expect(readLink('').settings.textB).toBeNull()
  })

  it('replaces a lone surrogate, which no address can hold', () => {
    const { settings: read, damaged } = readLink(writeLink({ ...INITIAL_SETTINGS, textA: 'a\ud800b' }))
    expect([read.textA, damaged]).toEqual(['a\ufffdb', []])
  })

  it('keeps the start of a text that is too long, instead of losing all of it', () => {
    const long = `${'x'.repeat(MAX_TEXT_LENGTH - 1)}🙂 and more`
    const { settings: read, damaged } = readLink(writeLink({ ...INITIAL_SETTINGS, textA: long, textB: long }))
    expect(damaged).toEqual([])
    expect(read.textA).toBe(`${'x'.repeat(MAX_TEXT_LENGTH - 1)}\ufffd`)
    expect(read.textB).toBe(read.textA)
  })

  it('holds two texts of the greatest length in a script of three bytes a character', () => {
    const long = '中'.repeat(MAX_TEXT_LENGTH)
    expect(readLink(writeLink({ ...INITIAL_SETTINGS, textA: long, textB: long })).damaged).toEqual([])
  })

  it('names every setting differently', () => {
    const params = Object.values<Field<unknown>>(SETTINGS).map(({ param }) => param)
    expect(new Set(params).size).toBe(params.length)
  })
})

describe('a damaged link', () => {
  it.each([
    ['ea=x9', 'ea'],
    ['ea=r3%3A%25zz', 'ea'],
    ['b=without-mark', 'b'],
    ['vs=else', 'vs'],
    ['p=', 'p'],
    ['c=pie', 'c'],
    ['h=0.1', 'h'],
    ['h=1', 'h'],
    ['h=1.1_', 'h'],
    ['h=1.1_-2.3', 'h'],
    ['t=c3', 't'],
    ['t=a', 't'],
    ['k=a99999', 'k'],
    ['th=101', 'th'],
    ['th=-1', 'th'],
    ['th=1e2', 'th'],
    ['th=', 'th'],
    ['d=Dark', 'd'],
    ['a=%E0%A4%A', 'a'],
    ['a=%', 'a'],
    [`a=${'x'.repeat(MAX_TEXT_LENGTH + 1)}`, 'a'],
    ['nonsense=1', 'nonsense'],
    ['=1', ''],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
    ['toString', 'toString'],
    ['textA=shown', 'textA'],
  ])('reports %.20s and reads the rest', (part, name) => {
    const { settings: read, damaged } = readLink(`lv=2&z=readable&${part}&sp=hidden`)
    expect(damaged).toEqual([name])
    expect(read).toEqual({ ...INITIAL_SETTINGS, zoom: 'readable', specials: 'hidden' })
  })

  it('does not ask for one head twice, nor for more heads than models have', () => {
    expect(readLink('h=1.1_1.2_1.1_1.1').settings.heads).toEqual([
      { layer: 0, head: 0 },
      { layer: 0, head: 1 },
    ])
    const many = Array.from({ length: 1025 }, (_, i) => `${1 + Math.floor(i / 500)}.${1 + (i % 500)}`).join('_')
    expect(readLink(`lv=2&h=${many}`)).toEqual({ settings: INITIAL_SETTINGS, damaged: ['h'] })
  })

  it('is refused whole when it is longer than any of ours', () => {
    expect(readLink(`z=readable&a=${'x'.repeat(400_000)}`)).toEqual({ settings: INITIAL_SETTINGS, damaged: ['#'] })
  })

  it('never throws and never makes settings that cannot be written', () => {
    const parts = fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', 'ea', 'eb', 'h', 't', 'k', 'th', 'p', 'c', '__proto__', 'constructor', 'hasOwnProperty', ''),
        fc.constantFrom('=', '==', '', '=~'),
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('%', '0', '9', '.', '_', ':', 'm', 'r', 'a', '~', '&', '=') })),
      ),
    )
    fc.assert(
      fc.property(
        parts.map((all) => all.map((part) => part.join('')).join('&')),
        (fragment) => {
          const { settings: read } = readLink(fragment)
          expect(Object.keys(read)).toEqual(Object.keys(INITIAL_SETTINGS))
          expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
          expect(readLink(writeLink(read)).damaged).toEqual([])
        },
      ),
      { numRuns: 500 },
    )
  })

  it('takes the last of two parts of one name', () => {
    expect(readLink('z=fit&z=readable').settings.zoom).toBe('readable')
  })
})
