// Languages of the page: words by language and part, keys checked by the compiler.

import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { LANGUAGE_CODES, LANGUAGES, type Language } from '#catalogue/languages'
import type {} from './messages.ts'
import { createWords, FALLBACK, type WordPart, type Words, type WordsModule } from './words.ts'

const files = import.meta.glob<WordsModule>('./*/{words,methods,models-dialog}.ts')

/** Words that are on the page from the first view on. */
const FIRST_WORDS: WordPart = (language) => files[`./${language}/words.ts`]
/** Loaded with what shows them. */
export const METHOD_WORDS: WordPart = (language) => files[`./${language}/methods.ts`]
export const MODELS_DIALOG_WORDS: WordPart = (language) => files[`./${language}/models-dialog.ts`]

let words: Words | null = null

/** The reader's language: what they chose, else the first of the browser's languages that the page speaks. */
export function resolveLanguage(chosen: Language | 'auto', browser: readonly string[]): Language {
  if (chosen !== 'auto') return chosen
  const spoken = browser.map((tag) => tag.toLowerCase().split('-')[0])
  return spoken.flatMap((language) => LANGUAGE_CODES.filter((code) => code === language))[0] ?? FALLBACK
}

/**
 * Starts the page's texts; resolves when the first view has its words.
 * @param parts words of the first view beside the page's own
 */
export async function startLanguage(language: Language, parts: readonly WordPart[]): Promise<void> {
  // React escapes what it draws, so i18next need not.
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: FALLBACK,
    ns: 'page',
    defaultNS: 'page',
    resources: {},
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  words = createWords(i18next, LANGUAGES)
  await Promise.all([FIRST_WORDS, ...parts].map(words.load))
}

/** Brings the words of parts that are about to be shown. */
export async function loadWords(...parts: readonly WordPart[]): Promise<void> {
  await Promise.all(parts.map((part) => words?.load(part)))
}

/** Shows another language as soon as the words of all that is on the page are there; where they cannot be fetched, the language stays. */
export async function setLanguage(language: Language): Promise<void> {
  await words?.show(language).catch(() => undefined)
}
