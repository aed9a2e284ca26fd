// Methods that play the game of a text's units, as attributions of its tokens.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { float64At } from '#tensor/vector'
import type { AttributionDoubt } from '../attribution.ts'
import type { Cancel } from '../cancel.ts'
import type { AttributionMethod, MethodAnswer, TargetModel } from '../method.ts'
import type { GameMethod, TokenGame } from './game.ts'

/** A unit's value is shared equally by its tokens; tokens that always stay have none. */
export function asAttribution(methodOf: (game: TokenGame, options: AttributionOptions) => GameMethod): AttributionMethod {
  return async function* (model: TargetModel, options: AttributionOptions, cancel: Cancel): AsyncGenerator<MethodAnswer, void, undefined> {
    const game = await model.game(cancel)
    const { removal, unit } = options
    const taken = { unit, removal, units: game.units, instead: game.instead }
    for await (const { values, errors, left, figures, surrogate, ...answer } of methodOf(game, options)(game, cancel)) {
      yield {
        ...answer,
        values: onTokens(values, game.units, model.tokens),
        ...(errors === null ? {} : { errors: onTokens(errors, game.units, model.tokens) }),
        ...(figures === undefined ? {} : { figures }),
        ...(surrogate === undefined ? {} : { surrogate: { units: game.units, ...surrogate } }),
        isSigned: true,
        taken,
        left: left === 0 ? 0 : passesLeft(left, game),
        runs: game.passes(),
        known: game.known(),
        doubts: doubtsOf(game),
      }
    }
  }
}

/** Estimates count coalitions that they drew before, too; those of few units are soon all known. */
function passesLeft(left: number, game: TokenGame): number | null {
  return Math.min(left, 2 ** game.players - game.passes()) || null
}

/** Of what a game has been asked so far. */
export function doubtsOf(game: Pick<TokenGame, 'keptFirst'>): readonly AttributionDoubt[] {
  return game.keptFirst() ? ['first-token-stays'] : []
}

function onTokens(values: Float64Array, units: TokenGame['units'], tokens: number): Float32Array {
  const spread = new Float32Array(tokens)
  units.forEach((unit, player) => {
    for (const token of unit) spread[token] = float64At(values, player) / unit.length
  })
  return spread
}
