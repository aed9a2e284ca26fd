// Followers of a store ask in rounds: each looks once at the same state, and what they show of it is put into the store together. Dozens of
// them answer to one change, and every change of the store is heard by all of them and by all that is on screen.

import type { AppState } from './app-state.ts'
import type { AppStore } from './store.ts'

type Change = (state: AppState) => Partial<AppState>

export interface Rounds {
  /** @param ask called in every round, in the order of joining @returns leaves */
  join(ask: () => void): () => void
  /** Changes the state: at once, or when the round ends in which it is called. */
  put(change: Change): void
}

const known = new WeakMap<AppStore, Rounds>()

/** The rounds of a store, the same for all who follow it. */
export function roundsOf(store: AppStore): Rounds {
  const before = known.get(store)
  if (before !== undefined) return before
  const made = createRounds(store)
  known.set(store, made)
  return made
}

function createRounds(store: AppStore): Rounds {
  const members = new Set<() => void>()
  let changes: readonly Change[] = []
  let isAsking = false
  let isStale = false

  const putAll = (): void => {
    if (changes.length === 0) return
    const all = changes
    changes = []
    store.setState((state) => {
      let now = state
      for (const change of all) {
        const changed = change(now)
        if (changed !== now) now = Object.assign({}, now, changed)
      }
      return now
    })
  }
  store.subscribe(() => {
    isStale = true
    if (isAsking) return
    isAsking = true
    try {
      while (isStale) {
        isStale = false
        for (const ask of members) ask()
        putAll()
      }
    } finally {
      isAsking = false
    }
  })
  return {
    join: (ask) => {
      members.add(ask)
      return () => void members.delete(ask)
    },
    put: (change) => {
      changes = [...changes, change]
      if (!isAsking) putAll()
    },
  }
}
