// Edits of whole units as edits of their tokens, which stand side by side. Each list is applied in order.

import type { TokenEdit } from '#text/edit'

export type UnitTokens = readonly number[]

export function maskUnit(unit: UnitTokens): readonly TokenEdit[] {
  return unit.map((at) => ({ kind: 'mask', at }))
}

/** From the last token to the first, so that no edit moves another's token. */
export function deleteUnit(unit: UnitTokens): readonly TokenEdit[] {
  return unit.toReversed().map((at) => ({ kind: 'delete', at }))
}

/** The first token becomes the word, the others go. */
export function replaceUnit([first = 0, ...others]: UnitTokens, word: string): readonly TokenEdit[] {
  return [...deleteUnit(others), { kind: 'replace', at: first, word }]
}

/** Each token of the next unit walks past this one's. */
export function swapUnits(unit: UnitTokens, next: UnitTokens): readonly TokenEdit[] {
  const [first = 0] = unit
  return next.flatMap((_, place) => unit.map((_, step): TokenEdit => ({ kind: 'swap', at: first + place + unit.length - 1 - step })))
}
