// Games in which hardly anything happens.

import { describe, expect, it } from 'vitest'
import type { GameAnswer, GameMethod } from './game.ts'
import { gameOf } from './games.fixture.ts'
import { interpolatedShapley } from './interpolated-shapley.ts'
import { lime } from './lime.ts'

const never = new AbortController().signal

async function lastOf(method: GameMethod, players: number, payoff: (present: readonly boolean[]) => number) {
  const game = gameOf(players, payoff)
  let last: GameAnswer | null = null
  for await (const answer of method(game, never)) last = answer
  return { last, asked: game.asked() }
}

describe.each([0, 3.7, -1e6])('a game that is always %d', (payoff) => {
  it.each([3, 12])('is soon known, of %d players', async (players) => {
    for (const method of [interpolatedShapley, lime(0)]) {
      const { last, asked } = await lastOf(method, players, () => payoff)
      expect(asked).toBeLessThan(200)
      for (const value of last?.values ?? [9]) expect(Math.abs(value)).toBeLessThan(1e-6 * Math.abs(payoff) + 1e-9)
      for (const figure of Object.values(last?.figures ?? {})) expect(figure).toBe(1)
    }
  })
})

it('LIME of a game that one player decides is stable', async () => {
  const { last } = await lastOf(lime(0), 12, ([first]) => (first ? 1 : 0))
  expect(last?.figures?.stability).toBeGreaterThan(0.95)
})
