// What if: many edits at once and every two units follow the input while they are on screen; the search for the smallest change is begun
// and stopped by the reader.

import { optionsOf } from '#features/attribution/state/attribute.ts'
import { EngineCallError, type WorkerCaller } from '#protocol/client'
import type { Settings } from '#share/settings'
import type { AppState, Asked } from '#state/app-state'
import { indexOn } from '#state/layout/token-ref'
import type { AppStore } from '#state/store'
import { type Subject, sameSubject, subjectOf } from '#state/target'
import { throttle } from '#state/throttle'
import type { WhatIfApi, WhatIfRow } from '../api.ts'

export { COUNTERFACTUAL_MOVES, EDIT_FAMILIES } from '#share/settings'

export interface WhatIf {
  search(): void
  stop(what: 'whatIf' | 'counterfactuals' | 'interactions'): void
  /** Begins what was stopped anew. */
  again(what: 'whatIf' | 'interactions'): void
}

type Slot = 'whatIf' | 'counterfactuals' | 'interactions'
type AnswerOf<Name extends Slot> = NonNullable<NonNullable<AppState[Name]>['answer']>

/** What is typed meanwhile would begin it again with every letter. */
const PAUSE_MS = 400
/** Words of a list that are tried. */
const MOST_WORDS = 50
/** Rows come faster than a page can draw them and still answer to the keyboard. */
const PACE_MS = 100

export function startWhatIf(store: AppStore, engine: WorkerCaller<WhatIfApi>): WhatIf {
  const asked = new Map<Slot, string>()
  const timers = new Map<Slot, ReturnType<typeof setTimeout>>()
  const stops = new Map<Slot, AbortController>()
  /** The question of the last search; null for none. */
  let searched: string | null = null

  const begin = async <Name extends Slot>(
    slot: Name,
    about: Subject,
    /** Partial answers are made when they are shown. */
    run: (signal: AbortSignal, onAnswer: (answer: () => AnswerOf<Name>) => void) => Promise<AnswerOf<Name>>,
  ): Promise<void> => {
    const mine = new AbortController()
    stops.get(slot)?.abort()
    stops.set(slot, mine)
    const put = (change: Partial<Asked<AnswerOf<Name>>>): void => {
      if (stops.get(slot) !== mine) return
      const before = store.getState()[slot]
      store.setState({
        [slot]: { ...about, status: 'running', error: null, answer: null, ...before, ...about, ...change },
      } as Partial<AppState>)
    }
    const known = store.getState()[slot]
    // Rows of the table are true whatever else is tried; pairs of other units, or taken away in another way, are none of these.
    put({ status: 'running', error: null, ...(known && slot === 'whatIf' && sameSubject(known, about) ? {} : { answer: null }) })
    const parts = throttle<() => AnswerOf<Name>>(PACE_MS, (part) => put({ answer: part() }))
    try {
      const answer = await run(mine.signal, parts.put)
      parts.flush()
      put({ status: 'done', answer })
    } catch (error) {
      if (!(error instanceof EngineCallError)) throw error
      parts.flush()
      if (error.kind === 'cancelled') put({ status: 'stopped' })
      else if (error.kind !== 'engine-lost' && error.kind !== 'engine-replaced') put({ status: 'failed', error: error.toWire() })
    }
  }
  const later = (slot: Slot, key: string, job: () => void): void => {
    if (asked.get(slot) === key) return
    asked.set(slot, key)
    clearTimeout(timers.get(slot))
    timers.set(slot, setTimeout(job, PAUSE_MS))
  }
  /** What nobody looks at need not be found out. */
  const leave = (slots: readonly Slot[]): void => {
    for (const slot of slots) {
      clearTimeout(timers.get(slot))
      if (store.getState()[slot]?.status !== 'running' && !asked.has(slot)) continue
      if (store.getState()[slot]?.status !== 'done') asked.delete(slot)
      stops.get(slot)?.abort()
    }
  }
  const forget = (slot: Slot): void => {
    stops.get(slot)?.abort()
    stops.delete(slot)
    store.setState({ [slot]: null })
  }
  /** What was found for another text, target or goal is no answer to this one. */
  const forgetOld = (about: Subject): void => {
    for (const slot of ['whatIf', 'interactions'] as const) {
      const known = store.getState()[slot]
      if (known !== null && !sameSubject(known, about)) forget(slot)
    }
    const { counterfactualGoal, counterfactualMoves } = store.getState().settings
    if (searched === null || searched === JSON.stringify([about, counterfactualGoal, counterfactualMoves])) return
    searched = null
    forget('counterfactuals')
  }
  const follow = (state: AppState): void => {
    const about = subjectOf(state)
    const { settings, model } = state
    if (settings.tab !== 'what-if') {
      leave(['whatIf', 'interactions', 'counterfactuals'])
      return
    }
    if (about === null) return
    forgetOld(about)
    const { input, target } = about
    const words = wordsOf(state)
    later('whatIf', JSON.stringify([input, target, settings.families, words, model.generation]), () => {
      const rows: WhatIfRow[] = []
      void begin('whatIf', about, async (signal, onAnswer) => {
        const request = { input, target, families: settings.families, words }
        const refused = await engine.call('whatIf', request, {
          lane: 'what-if',
          signal,
          onProgress: (row) => {
            rows.push(row)
            onAnswer(() => ({ rows: rows.slice(), refused: [] }))
          },
        })
        return { rows, refused }
      })
    })
    if (settings.interactions === 'off') {
      leave(['interactions'])
      return
    }
    const { removal, unit } = optionsOf(state)
    later('interactions', JSON.stringify([input, target, removal, unit, model.generation]), () => {
      void begin('interactions', about, (signal, onAnswer) => {
        const request = { input, target, options: { removal, unit } }
        return engine.call('interactions', request, { lane: 'interactions', signal, onProgress: (part) => onAnswer(() => part) })
      })
    })
  }
  follow(store.getState())
  store.subscribe(follow)
  return {
    stop: (slot) => stops.get(slot)?.abort(),
    again: (slot) => {
      asked.delete(slot)
      follow(store.getState())
    },
    search: () => {
      const state = store.getState()
      const about = subjectOf(state)
      if (about === null) return
      const { counterfactualGoal: goal, counterfactualMoves: moves } = state.settings
      searched = JSON.stringify([about, goal, moves])
      void begin('counterfactuals', about, (signal, onAnswer) =>
        engine.call(
          'counterfactuals',
          { ...about, goal, moves },
          { lane: 'counterfactuals', signal, onProgress: (part) => onAnswer(() => part) },
        ),
      )
    },
  }
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
