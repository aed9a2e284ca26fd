// What if: many edits at once and every two units follow the input while they are on screen; the search for the smallest change is begun
// and stopped by the reader.

import type { WorkerCaller } from '#protocol/client'
import type { Settings } from '#share/settings'
import type { AppState } from '#state/app-state'
import { indexOn } from '#state/layout/token-ref'
import { followQuery } from '#state/query'
import { service } from '#state/services'
import { slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { optionsOf, type Subject, sameSubject, subjectOf } from '#state/target'
import type {
  CounterfactualRequest,
  CounterfactualState,
  InteractionRequest,
  Interactions,
  RefusedTrial,
  WhatIfApi,
  WhatIfRequest,
  WhatIfRow,
} from '../api.ts'

export { COUNTERFACTUAL_MOVES, EDIT_FAMILIES, MAX_EDITS } from '#share/settings'

/** Edits that were tried, in the order in which they came, and those that could not be. */
export interface EditTable {
  readonly rows: readonly WhatIfRow[]
  /** Edits that are still to be tried; null while that is not known. */
  readonly left: number | null
  /** Known at the end. */
  readonly refused: readonly RefusedTrial[]
}

export const EDITS = slot<EditTable, Subject>('edits')
export const COUNTERFACTUALS = slot<CounterfactualState, Subject>('counterfactuals')
export const INTERACTIONS = slot<Interactions, Subject>('interactions')

export interface WhatIf {
  /** Searches for the smallest changes. */
  search(): void
  stop(what: 'edits' | 'counterfactuals' | 'interactions'): void
  /** Begins what was stopped anew. */
  again(what: 'edits' | 'interactions'): void
}

export const WHAT_IF = service<WhatIf>('what-if')

/** What is typed meanwhile would begin it again with every letter. */
const PAUSE_MS = 400
/** Words of a list that are tried. */
const MOST_WORDS = 50

export function startWhatIf(store: AppStore, engine: WorkerCaller<WhatIfApi>): WhatIf {
  const edits = followQuery(store, {
    slot: EDITS,
    pauseMs: PAUSE_MS,
    ask: (state): WhatIfRequest | 'unknown' | null =>
      state.settings.whatIfView !== 'scan'
        ? null
        : askAbout(state, (subject) => ({
            ...subject,
            families: state.settings.families,
            unit: state.settings.unit,
            words: wordsOf(state),
          })),
    // Rows of the table are true whatever else is tried.
    keep: (before, subject, last) => (last !== null && sameSubject(last, subject) ? { ...before, left: null } : null),
    call: async (request, { signal, part }) => {
      const rows: WhatIfRow[] = []
      const onProgress = (row: WhatIfRow): void => {
        rows.push(row)
        part(() => ({ rows: rows.slice(), left: row.left, refused: [] }))
      }
      const refused = await engine.call('whatIf', request, { signal, onProgress })
      return { rows, left: 0, refused }
    },
  })
  const interactions = followQuery(store, {
    slot: INTERACTIONS,
    pauseMs: PAUSE_MS,
    ask: (state): InteractionRequest | 'unknown' | null => {
      if (state.settings.interactions === 'off' || state.settings.whatIfView !== 'interactions') return null
      const { removal, unit } = optionsOf(state)
      return askAbout(state, (subject) => ({ ...subject, options: { removal, unit } }))
    },
    call: (request, { signal, part }) => engine.call('interactions', request, { signal, onProgress: (values) => part(() => values) }),
  })
  const counterfactuals = followQuery(store, {
    slot: COUNTERFACTUALS,
    begins: 'when-told',
    ask: (state): CounterfactualRequest | 'unknown' | null => {
      const { counterfactualGoal: goal, counterfactualMoves: moves } = state.settings
      return askAbout(state, (subject) => ({ ...subject, goal, moves }))
    },
    call: (request, { signal, part }) => engine.call('counterfactuals', request, { signal, onProgress: (found) => part(() => found) }),
  })
  const following = { edits, interactions, counterfactuals }
  return {
    search: counterfactuals.again,
    stop: (what) => following[what].stop(),
    again: (what) => following[what].again(),
  }
}

/** What is asked about A while the reader looks at this tab. */
function askAbout<Request>(state: AppState, request: (subject: Subject) => Request): Request | 'unknown' | null {
  if (state.settings.tab !== 'what-if') return null
  const subject = subjectOf(state)
  return subject === null ? 'unknown' : request(subject)
}

/** The words of the reader's list, each once: those that are tried, and how many are too many. */
export function listedWords({ tryWords }: Pick<Settings, 'tryWords'>): { readonly list: readonly string[]; readonly tooMany: number } {
  const words = tryWords
    .split(/[,，、;；\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const all = Array.from(new Set(words))
  return { list: all.slice(0, MOST_WORDS), tooMany: Math.max(0, all.length - MOST_WORDS) }
}

/** The list for the chosen token. */
function wordsOf({ settings }: AppState) {
  const token = indexOn('a', settings.token)
  const { list } = listedWords(settings)
  return token === null || list.length === 0 ? null : { token, list }
}
