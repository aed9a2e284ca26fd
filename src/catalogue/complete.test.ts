// Every row of the catalogue has what it names: an implementation, words in every language, a case in the tests.

import { describe, expect, it } from 'vitest'
import { ANSWER_CASES } from '#answers/answer-cases.fixture'
import { ANSWER_KINDS } from '#answers/answer-kinds'
import { METHOD_OF } from '#methods/attribution-methods'
import { METHOD_CASES } from '#methods/method-cases.fixture'
import { ANSWER_COMPONENTS } from '#panels/shared/answer-components.ts'
import { ATTRIBUTION_METHODS } from './attribution-methods.ts'
import { idsOf } from './ids-of.ts'
import { LANGUAGE_CODES, LANGUAGES } from './languages.ts'

type Has = (id: string) => boolean

/** What rows lack, such as `saliency: no case`. */
function gaps(ids: readonly string[], kinds: Readonly<Record<string, Has>>): readonly string[] {
  return ids.flatMap((id) =>
    Object.entries(kinds)
      .filter(([, has]) => !has(id))
      .map(([kind]) => `${id}: no ${kind}`),
  )
}

/** Files of words, each a part of what a language says. */
const FILES = import.meta.glob<{ readonly words: object }>(['../i18n/*/{words,methods,models-dialog}.ts', '../features/*/words/*.ts'], {
  eager: true,
})

function filesOf(language: string): readonly object[] {
  return Object.entries(FILES).flatMap(([path, { words }]) =>
    path.startsWith(`../i18n/${language}/`) || path.endsWith(`/words/${language}.ts`) ? [words] : [],
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
      ...wordsAt((id) => ['name', 'short', 'unit', 'means', 'not'].map((word) => `methods.${id}.${word}`)),
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
}

describe.each(Object.entries(TABLES))('%s', (_, { ids, kinds }) => {
  it('have all that a row needs', () => {
    expect(gaps(ids, kinds)).toEqual([])
  })

  it('would be missed if they had not', () => {
    expect(gaps(['made-up'], kinds)).toEqual(Object.keys(kinds).map((kind) => `made-up: no ${kind}`))
  })
})
