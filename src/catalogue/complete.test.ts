// Every row of the catalogue has what it names: an implementation, words in every language, a case in the tests.

import { describe, expect, it } from 'vitest'
import { ANSWER_CASES } from '#answers/answer-cases.fixture'
import { ANSWER_KINDS } from '#answers/answer-kinds'
import { PANE_CHARTS } from '#features/attention/panel/pane-charts.ts'
import { ATTRIBUTION_PANE_CHARTS } from '#features/attribution/panel/attribution-charts.ts'
import { TABS as PANELS } from '#features/page.ts'
import { METHOD_OF } from '#methods/attribution-methods'
import { METHOD_CASES } from '#methods/method-cases.fixture'
import { ANSWER_COMPONENTS } from '#panels/shared/answer-components.ts'
import { examples } from '#views/gallery'
import { ATTRIBUTION_METHODS } from './attribution-methods.ts'
import { ATTENTION_CHART_CASES, ATTRIBUTION_CHART_CASES } from './chart-cases.fixture.ts'
import { ATTENTION_CHART_IDS, ATTRIBUTION_CHART_IDS } from './charts.ts'
import { idsOf } from './ids-of.ts'
import { LANGUAGE_CODES, LANGUAGES, languageRow } from './languages.ts'
import { TABS } from './tabs.ts'

type Has = (id: string) => boolean

/** What rows lack, such as `saliency: no case`. */
function gaps(ids: readonly string[], kinds: Readonly<Record<string, Has>>): readonly string[] {
  return ids.flatMap((id) =>
    Object.entries(kinds)
      .filter(([, has]) => !has(id))
      .map(([kind]) => `${id}: no ${kind}`),
  )
}

/** Files of words, each a part of what a language says; parts of `words.ts` have other names. */
const FILES = import.meta.glob<{ readonly words?: object }>(['../i18n/*/*.ts', '../features/*/words/*.ts'], { eager: true })

function filesOf(language: string): readonly object[] {
  return Object.entries(FILES).flatMap(([path, { words }]) =>
    words !== undefined && (path.startsWith(`../i18n/${language}/`) || path.endsWith(`/words/${language}.ts`)) ? [words] : [],
  )
}

function at(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((part, key) => (typeof part === 'object' && part !== null ? new Map(Object.entries(part)).get(key) : undefined), tree)
}

/** Whether a complete language has a text for each key of a row. */
function wordsAt(keys: (id: string) => readonly string[]): Readonly<Record<string, Has>> {
  const isText = (found: unknown): boolean => typeof found === 'string' && found.trim() !== ''
  return Object.fromEntries(
    LANGUAGE_CODES.filter((code) => LANGUAGES[code].complete).map((code) => {
      const files = filesOf(code)
      return [`words in ${code}`, (id: string) => keys(id).every((key) => files.some((words) => isText(at(words, key))))]
    }),
  )
}

/** Paths of all texts in a tree, such as `app.tabs.label`. */
function pathsOf(tree: object, before = ''): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? pathsOf(value, `${before}${key}.`) : [before + key],
  )
}

/** Whether the gallery draws it; the case is the first word of its examples. */
const drawn =
  (cases: Readonly<Record<string, string>>): Has =>
  (id) =>
    examples.some(({ name }) => name.startsWith(`${cases[id]}: `))

interface Table {
  readonly ids: readonly string[]
  readonly kinds: Readonly<Record<string, Has>>
}

const ANSWER_FILES = import.meta.glob('../answers/*.ts')

const TABLES: Readonly<Record<string, Table>> = {
  'attribution methods': {
    ids: ATTRIBUTION_METHODS,
    kinds: {
      implementation: (id) => Object.hasOwn(METHOD_OF, id),
      case: (id) => Object.hasOwn(METHOD_CASES, id),
      ...wordsAt((id) => ['name', 'short', 'unit', 'line', 'means', 'not'].map((word) => `methods.${id}.${word}`)),
    },
  },
  'kinds of answers': {
    ids: idsOf(ANSWER_KINDS),
    kinds: {
      file: (id) => Object.hasOwn(ANSWER_FILES, `../answers/${id}.ts`),
      component: (id) => Object.hasOwn(ANSWER_COMPONENTS, id),
      case: (id) => Object.hasOwn(ANSWER_CASES, id),
    },
  },
  'attention charts': {
    ids: ATTENTION_CHART_IDS,
    kinds: {
      implementation: (id) => Object.hasOwn(PANE_CHARTS, id),
      case: drawn(ATTENTION_CHART_CASES),
      ...wordsAt((id) => [`attention.charts.${id}`]),
    },
  },
  'attribution charts': {
    ids: ATTRIBUTION_CHART_IDS,
    kinds: {
      implementation: (id) => Object.hasOwn(ATTRIBUTION_PANE_CHARTS, id),
      case: drawn(ATTRIBUTION_CHART_CASES),
      ...wordsAt((id) => [`attribution.charts.${id}`]),
    },
  },
  tabs: {
    ids: TABS,
    kinds: { panel: (id) => PANELS.some((tab) => tab.id === id), ...wordsAt((id) => [`app.tabs.${id}`]) },
  },
  languages: {
    ids: LANGUAGE_CODES,
    kinds: {
      'words of the page': (id) => Object.hasOwn(FILES, `../i18n/${id}/words.ts`),
      locale: (id) => Object.hasOwn(LANGUAGES, id) && Intl.DateTimeFormat.supportedLocalesOf(languageRow(id).locale).length > 0,
    },
  },
}

describe.each(Object.entries(TABLES))('%s', (_, { ids, kinds }) => {
  it('have all that a row needs', () => {
    expect(gaps(ids, kinds)).toEqual([])
  })

  it('would be missed if they had not', () => {
    expect(gaps(['made-up'], kinds)).toEqual(Object.keys(kinds).map((kind) => `made-up: no ${kind}`))
  })
})

/** What a language lacks of another's texts; of plurals, its own forms count. */
function textsLacking(files: readonly object[], wanted: readonly object[]): readonly string[] {
  const bare = (path: string): string => path.replace(/_(zero|one|two|few|many|other)$/, '')
  const has = new Set(files.flatMap((words) => pathsOf(words)).map(bare))
  return Array.from(new Set(wanted.flatMap((words) => pathsOf(words)).map(bare))).filter((path) => !has.has(path))
}

describe.each(LANGUAGE_CODES.filter((code) => LANGUAGES[code].complete))('the complete language %s', (code) => {
  it('has every text of every other one', () => {
    for (const other of LANGUAGE_CODES) expect(textsLacking(filesOf(code), filesOf(other)), `texts of ${other}`).toEqual([])
  })

  it('would be told what it lacks', () => {
    expect(textsLacking(filesOf(code), [{ made: { up_one: 'text', up_other: 'texts' } }])).toEqual(['made.up'])
  })
})
