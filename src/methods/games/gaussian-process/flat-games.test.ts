// Games in which hardly anything happens.

import { describe, expect, it } from 'vitest'
import { gameOf, lastAnswer } from '../games.fixture.ts'
import { lime } from '../lime/lime.ts'
import { interpolatedShapley } from '../shapley/interpolated-shapley.ts'

describe.each([0, 3.7, -1e6])('a game that is always %d', (payoff) => {
  it.each([3, 12])('is soon known, of %d players', async (players) => {
    for (const method of [interpolatedShapley, lime(0)]) {
      const game = gameOf(players, () => payoff)
      const { values, figures } = await lastAnswer(method, game)
      expect(game.asked()).toBeLessThan(200)
      for (const value of values) expect(Math.abs(value)).toBeLessThan(1e-6 * Math.abs(payoff) + 1e-9)
      for (const figure of Object.values(figures ?? {})) expect(figure).toBe(1)
    }
  })
})

it('LIME of a game that one player decides is stable', async () => {
  const { figures } = await lastAnswer(
    lime(0),
    gameOf(12, ([first]) => (first ? 1 : 0)),
  )
  expect(figures?.stability).toBeGreaterThan(0.95)
})
