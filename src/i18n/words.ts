// Words arrive with the part of the page that shows them, in the language that is shown and no other.

import type { i18n } from 'i18next'
import type { LanguageRow } from '#catalogue/languages'

/** A file of words. */
export interface WordsModule {
  readonly words: object
}

/** What loads the file of one part in a language; undefined where the language has none of its own. */
export type WordPart = (language: string) => (() => Promise<WordsModule>) | undefined

export interface Words {
  /** Brings the words of a part; from then on they follow the language. Resolves when they can be shown. */
  readonly load: (part: WordPart) => Promise<void>
  /** Shows another language once all words of it are there. The newest wins; where words cannot be fetched, the language stays. */
  readonly show: (language: string) => Promise<void>
}

/** What a language lacks is shown in this one. */
export const FALLBACK = 'en'

/**
 * @param texts started, without words
 * @param rows the languages
 */
export function createWords(texts: i18n, rows: Readonly<Record<string, LanguageRow>>): Words {
  const parts = new Set<WordPart>()
  const arrivals = new Map<WordPart, Map<string, Promise<void>>>()
  let wanted = texts.language

  const fetchOnce = (part: WordPart, language: string): Promise<void> => {
    const known = arrivals.get(part) ?? new Map<string, Promise<void>>()
    arrivals.set(part, known)
    const before = known.get(language)
    if (before) return before
    const arrival = fetchInto(texts, part, language)
    known.set(language, arrival)
    // Another attempt may succeed.
    arrival.catch(() => known.delete(language))
    return arrival
  }
  const bring = async (part: WordPart, language: string): Promise<void> => {
    const languages = rows[language]?.complete ? [language] : [language, FALLBACK]
    await Promise.all(languages.map((each) => fetchOnce(part, each)))
  }

  return {
    load: async (part) => {
      parts.add(part)
      // On the way from one language to another either may be shown.
      await Promise.all([bring(part, texts.language), bring(part, wanted)])
    },
    show: async (language) => {
      wanted = language
      try {
        // Parts that are opened meanwhile bring this language themselves: it is the wanted one.
        await Promise.all([...parts].map((part) => bring(part, language)))
      } catch (error) {
        if (wanted === language) wanted = texts.language
        throw error
      }
      if (wanted === language) await texts.changeLanguage(language)
    },
  }
}

async function fetchInto(texts: i18n, part: WordPart, language: string): Promise<void> {
  const file = part(language)
  if (!file) return
  const { words } = await file()
  texts.addResourceBundle(language, 'page', words, true, true)
}
