// The capabilities of the page, one a row: what each follows, what it lets panels do, its place on the page, and its tables for files.

import { type ComponentType, lazy } from 'react'
import { loadWords, METHOD_WORDS } from '#i18n/i18n'
import type { WordPart, WordsModule } from '#i18n/words'
import type { ExportTable } from '#panels/shared/export-tables.ts'
import type { Settings } from '#share/settings'
import type { AppState } from '#state/app-state'
import type { Engines } from '#state/query'
import { createServices, type ServiceRegister, type Services } from '#state/services'
import type { AppStore } from '#state/store'
import type { TintOf } from '#state/token-tint'
import { startExplaining } from './attention/state/explain.ts'
import { startGradientAttention } from './attention/state/gradient-attention.ts'
import { AttributionPanel } from './attribution/panel/attribution-panel.tsx'
import { ATTRIBUTING, startAttributing } from './attribution/state/attribute.ts'
import { CompareBar } from './compare/panel/compare-bar.tsx'
import { startComparing } from './compare/state/compare.ts'
import { GENERATE, isGenerating, startGenerating } from './generate/state/generate.ts'
import { HeadlineLine } from './headline/panel/headline-line.tsx'
import { headlineTint, startHeadline } from './headline/state/headline.ts'
import { hasInside, INSIDE, startInside } from './inside/state/inside.ts'
import { PATH_SERVICE, startPath } from './inside/state/path.ts'
import { INTERVENTIONS, isIntervenable, startInterventions } from './interventions/state/interventions.ts'
import { LearnButton } from './learn/panel/learn-button.tsx'
import { MEASURE, startMeasuring } from './learn/state/learn.ts'
import { createProgress, PROGRESS } from './learn/state/progress.ts'
import { startWhatIf, WHAT_IF } from './what-if/state/what-if.ts'
import type { EngineApi } from './worker.ts'

export type { EngineApi } from './worker.ts'

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

export interface Capability {
  readonly id: string
  /** Follows the settings from now on, and provides what panels may do. Earlier rows ask first. */
  readonly start: (page: CapabilityPage) => void
  /** Stands beside the tabs. */
  readonly bar?: ComponentType
  /** Stands below sentence A, and says what its tokens contribute. */
  readonly sentence?: { readonly line: ComponentType; readonly tint: TintOf }
  readonly tab?: CapabilityTab
  /** Stands beside the whole page while it is open, and has its button in the bar at the top. */
  readonly aside?: CapabilityAside
}

export interface CapabilityAside {
  readonly button: ComponentType
  readonly panel: ComponentType
  readonly isOpen: (state: AppState) => boolean
}

export interface CapabilityPage {
  readonly store: AppStore
  readonly engines: Engines<EngineApi>
  readonly services: ServiceRegister
  /** Local storage, or null where the browser forbids it. */
  readonly storage: Storage | null
}

export interface CapabilityTab {
  readonly id: Settings['tab']
  /** Loaded when it is first shown, but for the tab of the first view. */
  readonly panel: ComponentType
  /** Whether there is something to say beside it, of the chosen token. */
  readonly hasSide?: (state: AppState) => boolean
  /** Whether the model has what it is about; always unless given. */
  readonly isOffered?: (state: AppState) => boolean
  /** What it shows, for files. */
  readonly tables: (state: AppState) => Promise<readonly ExportTable[]>
}

const CAPABILITIES: readonly Capability[] = [
  {
    id: 'attribution',
    start: ({ store, engines, services }) => services.provide(ATTRIBUTING, startAttributing(store, engines.model)),
    tab: {
      id: 'attribution',
      panel: AttributionPanel,
      tables: async (state) => (await import('./attribution/panel/attribution-tables.ts')).attributionTables(state),
    },
  },
  {
    id: 'attention',
    start: ({ store, engines }) => {
      startExplaining(store, engines)
      startGradientAttention(store, engines.model)
    },
    tab: {
      id: 'attention',
      panel: later(async () => (await import('./attention/panel/attention-panel.tsx')).AttentionPanel, wordsOf('attention')),
      hasSide: ({ settings }) => settings.token !== null,
      tables: async (state) => (await import('./attention/panel/attention-tables.ts')).attentionTables(state),
    },
  },
  {
    id: 'headline',
    start: ({ store, engines }) => void startHeadline(store, engines.model),
    sentence: { line: HeadlineLine, tint: headlineTint },
  },
  {
    id: 'compare',
    start: ({ store, engines }) => void startComparing(store, engines.model),
    bar: CompareBar,
  },
  {
    id: 'what-if',
    start: ({ store, engines, services }) => services.provide(WHAT_IF, startWhatIf(store, engines.model)),
    tab: {
      id: 'what-if',
      panel: later(async () => (await import('./what-if/panel/what-if-panel.tsx')).WhatIfPanel, wordsOf('what-if'), METHOD_WORDS),
      tables: async (state) => (await import('./what-if/panel/what-if-tables.ts')).whatIfTables(state),
    },
  },
  {
    id: 'generate',
    start: ({ store, engines, services }) => services.provide(GENERATE, startGenerating(store, engines.model)),
    tab: {
      id: 'generate',
      panel: later(async () => (await import('./generate/panel/generate-panel.tsx')).GeneratePanel, wordsOf('generate')),
      isOffered: isGenerating,
      tables: async (state) => (await import('./generate/panel/generate-tables.ts')).generateTables(state),
    },
  },
  {
    id: 'inside',
    start: ({ store, engines, services }) => {
      services.provide(PATH_SERVICE, startPath(store, engines.model))
      services.provide(INSIDE, startInside(store, engines.model))
    },
    tab: {
      id: 'inside',
      panel: later(async () => (await import('./inside/panel/inside-panel.tsx')).InsidePanel, wordsOf('inside')),
      isOffered: hasInside,
      tables: async (state) => (await import('./inside/panel/inside-tables.ts')).insideTables(state),
    },
  },
  {
    id: 'interventions',
    start: ({ store, engines, services }) => services.provide(INTERVENTIONS, startInterventions(store, engines.model)),
    tab: {
      id: 'intervene',
      panel: later(
        async () => (await import('./interventions/panel/interventions-panel.tsx')).InterventionsPanel,
        wordsOf('interventions'),
      ),
      isOffered: isIntervenable,
      tables: async (state) => (await import('./interventions/panel/interventions-tables.ts')).interventionsTables(state),
    },
  },
  {
    id: 'learn',
    start: ({ store, engines, services, storage }) => {
      services.provide(PROGRESS, createProgress(storage))
      services.provide(MEASURE, startMeasuring(store, engines.model))
    },
    aside: {
      button: LearnButton,
      panel: later(async () => (await import('./learn/panel/learn-aside.tsx')).LearnAside, wordsOf('learn')),
      isOpen: ({ settings }) => settings.lesson !== 'none',
    },
  },
]

/** What stands beside the whole page. */
export const ASIDES: readonly (CapabilityAside & { readonly id: string })[] = CAPABILITIES.flatMap(({ id, aside }) =>
  aside ? [{ id, ...aside }] : [],
)

/** Questions about the same sentence and the same choice, in the order in which they are offered. */
export const TABS: readonly CapabilityTab[] = CAPABILITIES.flatMap(({ tab }) => (tab ? [tab] : []))

/** What stands beside the tabs. */
export const BARS: readonly { readonly id: string; readonly Bar: ComponentType }[] = CAPABILITIES.flatMap(({ id, bar }) =>
  bar ? [{ id, Bar: bar }] : [],
)

/** What stands below sentence A. */
export const SENTENCE_LINES: readonly { readonly id: string; readonly Line: ComponentType }[] = CAPABILITIES.flatMap(({ id, sentence }) =>
  sentence ? [{ id, Line: sentence.line }] : [],
)

/** What each token of a side contributes, by the first capability that knows. */
export const tintOf: TintOf = (state, side) => {
  for (const { sentence } of CAPABILITIES) {
    const tint = sentence?.tint(state, side) ?? null
    if (tint !== null) return tint
  }
  return null
}

/** Words of what the first view shows. */
export const FIRST_PANEL_WORDS: readonly WordPart[] = [wordsOf('attribution'), METHOD_WORDS, wordsOf('headline')]

/** Starts all capabilities. */
export function startCapabilities(store: AppStore, engines: Engines<EngineApi>, storage: Storage | null): Services {
  const services = createServices()
  for (const { start } of CAPABILITIES) start({ store, engines, services, storage })
  return services
}

/** What the tab on screen shows, for files. */
export async function tablesOnScreen(state: AppState): Promise<readonly ExportTable[]> {
  return (await TABS.find(({ id }) => id === state.settings.tab)?.tables(state)) ?? []
}
