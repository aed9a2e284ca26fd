// Which heads are on screen: those that the reader chose, or else the one that is worth seeing first.

import type { AttentionChoice, HeadRef } from '#methods/attention/attention'
import type { AppState, SideAnswer } from '#state/app-state'
import { rankChanges } from '#state/layout/panes'
import { chosenBy, comparesModels } from '#state/reference'
import { newestGradientAttention } from './head-importance.ts'

/** Why a head is shown. */
export type ShownBecause = 'chosen' | 'change' | 'importance' | 'content'

export interface ShownHead {
  readonly head: HeadRef
  readonly because: ShownBecause
}

/**
 * The head that is worth seeing first: the one that changed most where A is compared, else the most important one where gradients are
 * there, else the one that sends most to content. While a newer answer is on its way, what is known of the one before decides, so that
 * the chart does not go from head to head at every keystroke. null before the first answer.
 */
export function firstHead(state: AppState): ShownHead | null {
  const { a, reference, difference, settings } = state
  const { answer } = a
  if (answer === null) return null
  const compared = reference?.answer && difference && !comparesModels(settings)
  const [changed] = compared ? rankChanges(difference.changes) : []
  if (changed && changed.moved > 0 && has(answer, changed)) return { head: { layer: changed.layer, head: changed.head }, because: 'change' }
  const known = newestGradientAttention(state)
  const isOfModel = known?.importance.length === answer.layers * answer.heads
  if (isOfModel && known.first !== null) return { head: known.first, because: 'importance' }
  return { head: answer.statistics.contentHead ?? { layer: 0, head: 0 }, because: 'content' }
}

/** The attention on screen; without heads before the first answer, unless the reader chose some. */
export function choiceFor(state: AppState, side: 'a' | 'reference' = 'a'): AttentionChoice {
  const chosen = chosenBy(state, side)
  const answer = state[side]?.answer
  if (chosen.heads.length > 0 || !answer) return chosen
  const first = firstHead(state)?.head
  // A second model may have fewer heads: then its own.
  const head = first && has(answer, first) ? first : answer.statistics.contentHead
  return { heads: [head ?? { layer: 0, head: 0 }], reduce: 'each' }
}

function has({ layers, heads }: SideAnswer, { layer, head }: HeadRef): boolean {
  return layer < layers && head < heads
}
