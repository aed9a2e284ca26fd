// Languages of the page: English and Chinese, keys checked by the compiler.

import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en, type Messages } from './en.ts'
import { zh } from './zh.ts'

export type Language = 'en' | 'zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'page'
    resources: { page: Messages }
  }
}

/** The reader's language: what they chose, else the first of the browser's languages that the page speaks. */
export function resolveLanguage(chosen: Language | 'auto', browser: readonly string[]): Language {
  if (chosen !== 'auto') return chosen
  const spoken = browser.map((tag) => tag.toLowerCase().split('-')[0])
  return spoken.find((language) => language === 'en' || language === 'zh') === 'zh' ? 'zh' : 'en'
}

/** Starts the page's texts. React escapes what it draws, so i18next need not. */
export function startLanguage(language: Language): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    ns: 'page',
    defaultNS: 'page',
    resources: { en: { page: en }, zh: { page: zh } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
}

export function setLanguage(language: Language): void {
  void i18next.changeLanguage(language)
}
