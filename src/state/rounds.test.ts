// Many who follow one state: each looks at every state once, and what they show comes together.

import { expect, it } from 'vitest'
import { INITIAL_SETTINGS } from '#share/settings'
import { followQuery } from './query.ts'
import { roundsOf } from './rounds.ts'
import { slot } from './slot.ts'
import { createActions, createAppStore } from './store.ts'

const FOLLOWERS = 40

function setUp() {
  const store = createAppStore({ ...INITIAL_SETTINGS, textA: 'a' })
  const counts = { asked: 0, heard: 0 }
  const slots = Array.from({ length: FOLLOWERS }, (_, at) => slot<string, { readonly text: string }>(`test ${at}`))
  for (const place of slots) {
    followQuery(store, {
      slot: place,
      ask: ({ settings }) => {
        counts.asked += 1
        return { text: settings.textA }
      },
      call: () => new Promise(() => undefined),
    })
  }
  store.subscribe(() => {
    counts.heard += 1
  })
  counts.asked = 0
  const shown = () => slots.map((place) => place.of(store.getState())?.question.text)
  return { store, counts, shown, actions: createActions(store) }
}

it('a change of all their questions changes the store once more, and asks each once more', () => {
  const { counts, shown, actions } = setUp()
  actions.type('a', 'b')
  expect(shown()).toEqual(Array.from({ length: FOLLOWERS }, () => 'b'))
  // The text, and all that is asked because of it.
  expect(counts).toEqual({ heard: 2, asked: 2 * FOLLOWERS })
})

it('what one shows is seen by the others in the round after', () => {
  const { store } = setUp()
  const seen: string[] = []
  const rounds = roundsOf(store)
  const leave = rounds.join(() => {
    const { textA, textB } = store.getState().settings
    seen.push(`${textA} ${textB}`)
    if (textB !== textA) rounds.put(({ settings }) => ({ settings: { ...settings, textB: settings.textA } }))
  })
  rounds.join(() => void seen.push(String(store.getState().settings.textB)))
  createActions(store).type('a', 'b')
  leave()
  expect(seen.slice(0, 4)).toEqual(['b null', 'null', 'b b', 'b'])
})

it('a follower that leaves is not asked any more', () => {
  const { store, actions } = setUp()
  let asked = 0
  const leave = roundsOf(store).join(() => {
    asked += 1
  })
  leave()
  actions.type('a', 'b')
  expect(asked).toBe(0)
})
