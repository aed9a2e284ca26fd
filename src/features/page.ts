// The panels of the capabilities, each loaded with its words.

import { type ComponentType, lazy } from 'react'
import { loadWords, METHOD_WORDS } from '#i18n/i18n'
import type { WordPart, WordsModule } from '#i18n/words'
import type { Settings } from '#share/settings'
import { AttentionPanel } from './attention/panel/attention-panel.tsx'

const files = import.meta.glob<WordsModule>('./*/words/*.ts')

/** A capability's words. */
const wordsOf =
  (capability: string): WordPart =>
  (language) =>
    files[`./${capability}/words/${language}.ts`]

/** The first view does without the code and the words of this panel. */
function later(load: () => Promise<ComponentType>, ...words: readonly WordPart[]): ComponentType {
  return lazy(async () => {
    const [panel] = await Promise.all([load(), loadWords(...words)])
    return { default: panel }
  })
}

/** Words of the panel that the first view shows. */
export const FIRST_PANEL_WORDS: readonly WordPart[] = [wordsOf('attention')]

/** What stands below the sentence, by question. */
export const PANELS: Readonly<Record<Settings['tab'], ComponentType>> = {
  attention: AttentionPanel,
  attribution: later(
    async () => (await import('./attribution/panel/attribution-panel.tsx')).AttributionPanel,
    wordsOf('attribution'),
    METHOD_WORDS,
  ),
  'what-if': later(async () => (await import('./what-if/panel/what-if-panel.tsx')).WhatIfPanel, wordsOf('what-if'), METHOD_WORDS),
}
