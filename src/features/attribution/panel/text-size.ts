// How much there is to remove of a text, as far as costs depend on it.

import type { Unit } from '#catalogue/attribution-options'
import type { TextSize } from '#catalogue/method-costs'
import type { SideAnswer } from '#state/app-state'

/** As the engine ends sentences. */
const ENDS = /[.!?…。！？]$/

export function textSize({ row: { tokens }, layers }: Pick<SideAnswer, 'row' | 'layers'>, unit: Unit): TextSize {
  const own = tokens.filter(({ source }) => source !== 'template')
  const size = { tokens: tokens.length, layers }
  if (unit === 'token') return { ...size, units: own.length }
  if (unit === 'word') return { ...size, units: new Set(own.map(({ word }, at) => (word < 0 ? `alone ${at}` : word))).size }
  return { ...size, units: Math.max(1, own.filter(({ label }, at) => at === own.length - 1 || ENDS.test(label)).length) }
}
