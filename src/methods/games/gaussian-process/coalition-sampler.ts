// Random coalitions whose sizes are wanted more or less often.

import type { Steps } from '#tensor/slices'
import { elementAt } from '#tensor/vector'
import type { Coalition } from '../game.ts'
import type { GameInterpolation } from './game-interpolation.ts'

/** Of those that are asked next, the share that is drawn whatever is known: an interpolation that errs would choose what bears it out. */
const DRAWN = 1 / 8
/** For each that is chosen. */
const CANDIDATES = 6

/**
 * A size by its weight, then any coalition of that size.
 * @param weights [players+1], by size; they need not add up to 1
 */
export function coalitionDraw(weights: ArrayLike<number>, random: () => number): () => Coalition {
  const players = weights.length - 1
  const sizes = Array.from(weights)
  const total = sizes.reduce((sum, weight) => sum + weight, 0)
  return () => {
    let place = random() * total
    const size = sizes.findIndex((weight) => {
      place -= weight
      return place < 0
    })
    const coalition = new Uint8Array(players)
    // Chooses as many of those that remain (Knuth, algorithm S).
    let wanted = size < 0 ? players : size
    for (let player = 0; player < players; player++) {
      if (random() * (players - player) >= wanted) continue
      coalition[player] = 1
      wanted--
    }
    return coalition
  }
}

/** Some coalitions that are not known yet, drawn with what comes with each; fewer only when there are no others. */
function drawNew(count: number, known: GameInterpolation, draw: () => readonly Coalition[]): readonly Coalition[] {
  const drawn = new Map<string, Coalition>()
  const players = elementAt(known.known, 0).length
  while (drawn.size < Math.min(count, 2 ** players - known.known.length)) {
    for (const coalition of draw()) if (!known.has(coalition)) drawn.set(coalition.join(''), coalition)
  }
  return Array.from(drawn.values())
}

/** Some are drawn, the others are the most telling of many. @param draw with what comes with each */
export function* nextCoalitions(
  count: number,
  interpolation: GameInterpolation,
  draw: () => readonly Coalition[],
  drawCandidate: () => Coalition,
): Steps<readonly Coalition[]> {
  const drawn = drawNew(Math.ceil(DRAWN * count), interpolation, draw)
  const keys = new Set(drawn.map((coalition) => coalition.join('')))
  const candidates = drawNew(CANDIDATES * count, interpolation, () => [drawCandidate()]).filter((one) => !keys.has(one.join('')))
  return [...drawn, ...(yield* interpolation.selectInformative(candidates, Math.max(0, count - drawn.length)))]
}

/** [players+1]: the Shapley kernel's weight of all coalitions of a size together (Lundberg & Lee, 2017, theorem 2), none for nobody and all. */
export function shapleySizes(players: number): Float64Array {
  return Float64Array.from({ length: players + 1 }, (_, size) => (size === 0 || size === players ? 0 : 1 / (size * (players - size))))
}
