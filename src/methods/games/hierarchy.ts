// Parts of a text: units in words, words in sentences.

import { elementAt } from '#tensor/vector'

/** A part of the text: a unit, or two parts. */
export type Hierarchy = number | readonly [Hierarchy, Hierarchy]

export function unitsOf(part: Hierarchy): readonly number[] {
  return typeof part === 'number' ? [part] : [...unitsOf(part[0]), ...unitsOf(part[1])]
}

/** Neighbours in pairs, and pairs in pairs. @param parts at least one */
export function balanced(parts: readonly Hierarchy[]): Hierarchy {
  const [only = 0] = parts
  if (parts.length <= 1) return only
  const middle = Math.ceil(parts.length / 2)
  return [balanced(parts.slice(0, middle)), balanced(parts.slice(middle))]
}

/**
 * The parts of units that stand in order.
 * @param groupings names of the group that each unit is in, the finest first: a word's number, a sentence's number
 */
export function hierarchyOf(groupings: readonly (readonly number[])[], units: number): Hierarchy {
  const groups = groupings.reduceRight<readonly (readonly number[])[]>(
    (parts, names) => parts.flatMap((part) => runsOf(part, names)),
    [Array.from({ length: units }, (_, unit) => unit)],
  )
  return nested(groups, groupings.slice(1))
}

/** A part cut where the name changes. */
function runsOf(part: readonly number[], names: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = []
  for (const unit of part) {
    const before = runs.at(-1)
    if (before !== undefined && elementAt(names, elementAt(before, 0)) === elementAt(names, unit)) before.push(unit)
    else runs.push([unit])
  }
  return runs
}

/** Parts joined within their groups, and these within theirs. */
function nested(parts: readonly (readonly number[])[], groupings: readonly (readonly number[])[]): Hierarchy {
  let level = parts.map((units) => ({ first: elementAt(units, 0), part: balanced(units) }))
  for (const names of groupings) {
    const joined: { first: number; parts: Hierarchy[] }[] = []
    for (const { first, part } of level) {
      const before = joined.at(-1)
      if (before !== undefined && elementAt(names, before.first) === elementAt(names, first)) before.parts.push(part)
      else joined.push({ first, parts: [part] })
    }
    level = joined.map(({ first, parts: inside }) => ({ first, part: balanced(inside) }))
  }
  return balanced(level.map(({ part }) => part))
}
