// Owen values over a hierarchy of units: parts of the text share what they do, then their parts among each other.

import { float64At } from '#tensor/vector'
import { type Coalition, fullCoalition, type GameMethod, withPlayers } from '../game.ts'
import { type Hierarchy, unitsOf } from '../hierarchy.ts'

/** Passes after which parts that matter little are not looked into: what they do is shared equally. */
const MOST_PASSES = 500

/** A part, with the rest of the text away or there, and what it does then. */
interface Open {
  readonly part: Hierarchy
  /** The others that are there. */
  readonly context: Coalition
  readonly without: number
  readonly with: number
  readonly weight: number
}

/**
 * Owen (1977), "Values of games with a priori unions", for a binary hierarchy, as the Partition explainer of SHAP computes them: each part's
 * effect is taken with its sibling away and there, in equal shares. Adds up to f(all) - f(none) at any time. Parts with the largest effects
 * are opened first; those that are not opened share theirs equally among their units.
 */
export function partitionShapley(hierarchy: Hierarchy): GameMethod {
  return async function* (game, cancel) {
    const { players } = game
    const nobody = new Uint8Array(players)
    const [none = Number.NaN, all = Number.NaN] = await game.payoffs([nobody, fullCoalition(players)], cancel)
    let open: readonly Open[] = [{ part: hierarchy, context: nobody, without: none, with: all, weight: 1 }]
    const settled = new Float64Array(players)
    while (open.length > 0) {
      const inner = open.flatMap((one) => (typeof one.part === 'number' ? [] : [{ ...one, part: one.part }]))
      for (const one of open) {
        if (typeof one.part === 'number') settled[one.part] = float64At(settled, one.part) + effectOf(one)
      }
      if (inner.length === 0 || game.passes() >= MOST_PASSES) {
        const shared = inner.reduce<Float64Array>((values, one) => spread(values, one), settled.slice())
        yield { values: shared, errors: null, expectedSum: all - none, output: all, left: 0 }
        return
      }
      // All of one depth at once: they are independent, and batches are full.
      const room = Math.max(1, Math.floor((MOST_PASSES - game.passes()) / 2))
      const opened = inner.toSorted((one, other) => Math.abs(effectOf(other)) - Math.abs(effectOf(one))).slice(0, room)
      const closed = inner.filter((one) => !opened.includes(one))
      const payoffs = await game.payoffs(
        opened.flatMap(({ part: [left, right], context }) => [
          withPlayers(context, unitsOf(left), 1),
          withPlayers(context, unitsOf(right), 1),
        ]),
        cancel,
      )
      const next = opened.flatMap((one, at): readonly Open[] => {
        const [left, right] = one.part
        const [withLeft = Number.NaN, withRight = Number.NaN] = [payoffs[2 * at], payoffs[2 * at + 1]]
        const { context, weight } = one
        const half = weight / 2
        return [
          { part: left, context, without: one.without, with: withLeft, weight: half },
          { part: left, context: withPlayers(context, unitsOf(right), 1), without: withRight, with: one.with, weight: half },
          { part: right, context, without: one.without, with: withRight, weight: half },
          { part: right, context: withPlayers(context, unitsOf(left), 1), without: withLeft, with: one.with, weight: half },
        ]
      })
      for (const one of closed) spread(settled, one)
      open = next
      const values = next.reduce<Float64Array>((sums, one) => spread(sums, one), settled.slice())
      const left = Math.min(MOST_PASSES - game.passes(), 2 * next.filter(({ part }) => typeof part !== 'number').length)
      if (left > 0) yield { values, errors: null, expectedSum: all - none, output: all, left }
    }
  }
}

function effectOf({ without, with: there, weight }: Open): number {
  return weight * (there - without)
}

/** Adds a part's effect to its units, in equal shares. */
function spread(values: Float64Array, one: Open): Float64Array {
  const units = unitsOf(one.part)
  for (const unit of units) values[unit] = float64At(values, unit) + effectOf(one) / units.length
  return values
}
