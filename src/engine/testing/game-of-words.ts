// The game that LIME's library plays: words are players, and what stands between them always stays.

import type { AttributionOptions } from '#catalogue/attribution-options'
import type { AttributionTarget } from '#methods/attribution'
import type { Cancel } from '#methods/cancel'
import { fullCoalition, type Game } from '#methods/games/game'
import type { LoadedModel } from '../model/model.ts'
import { createSchedule } from '../passes/schedule.ts'
import { gameOf, turnsOf, viewTarget } from '../passes/target-view.ts'

/** @param starts where each word begins in the text */
export async function gameOfWords(
  model: LoadedModel,
  text: string,
  target: AttributionTarget,
  options: Pick<AttributionOptions, 'removal' | 'unit'>,
  starts: readonly number[],
  cancel: Cancel,
): Promise<Game> {
  const row = model.tokenizer.encode(text)
  const whole = await gameOf(viewTarget(model, row, target), target, options, turnsOf(createSchedule(), 'background'), cancel)
  const players = starts.map((start) => whole.units.findIndex(([token = -1]) => row.tokens[token]?.start === start))
  return {
    players: players.length,
    passes: whole.passes,
    pause: whole.pause,
    payoffs: (coalitions) =>
      whole.payoffs(
        coalitions.map((coalition) => fullCoalition(whole.players).map((_, unit) => coalition[players.indexOf(unit)] ?? 1)),
        cancel,
      ),
  }
}
