// Languages of the page, in the order in which they are offered.

export interface LanguageRow {
  /** In the language itself. */
  readonly name: string
  /** For numbers, and the words of widgets. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  /** Whether it has every word; what another lacks is shown in English. */
  readonly complete: boolean
}

/** By code, which is also the folder of its words in `i18n` and the file's name in a capability's `words`. */
export const LANGUAGES = {
  en: { name: 'English', locale: 'en-US', dir: 'ltr', complete: true },
  zh: { name: '中文', locale: 'zh-CN', dir: 'ltr', complete: true },
} as const satisfies Readonly<Record<string, LanguageRow>>

export type Language = keyof typeof LANGUAGES

export const LANGUAGE_CODES: readonly Language[] = Object.keys(LANGUAGES).filter((code): code is Language => code in LANGUAGES)

/** The row of a language; the first one's for a code without a row. */
export function languageRow(code: string): LanguageRow {
  return LANGUAGES[LANGUAGE_CODES.find((known) => known === code) ?? 'en']
}
