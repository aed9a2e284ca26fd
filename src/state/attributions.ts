// What methods attribute to the tokens of either side, each in a slot of its own: several capabilities draw with it.

import { ATTRIBUTION_METHODS, type AttributionMethodId } from '#catalogue/attribution-methods'
import type { Attribution } from '#methods/attribution'
import type { AppState, Asked } from './app-state.ts'
import { type Slot, slot } from './slot.ts'
import type { Subject } from './target.ts'

/** The reference is attributed where it is another input of the same model. */
export const ATTRIBUTION_SIDES = ['a', 'reference'] as const
export type AttributionSide = (typeof ATTRIBUTION_SIDES)[number]

/** One method's answer, or how it is coming along; it may be an older input's: compare. */
export type AttributionState = Asked<Attribution, Subject>

/** By method: those on screen, and those that were a moment ago. */
export type Attributions = Readonly<Record<AttributionSide, Readonly<Partial<Record<AttributionMethodId, AttributionState>>>>>

type SideSlots = Readonly<Record<AttributionMethodId, Slot<Attribution, Subject>>>

function slotsOf(side: AttributionSide): SideSlots {
  return Object.fromEntries(
    ATTRIBUTION_METHODS.map((method) => [method, slot<Attribution, Subject>(`attribution ${side} ${method}`)]),
  ) as SideSlots
}

const SLOTS: Readonly<Record<AttributionSide, SideSlots>> = { a: slotsOf('a'), reference: slotsOf('reference') }

export function attributionSlot(side: AttributionSide, method: AttributionMethodId): Slot<Attribution, Subject> {
  return SLOTS[side][method]
}

/** The records of answers by the answers that they are made of: the same object as long as no attribution changes. */
const made: { answers: AppState['answers'] | null; attributions: Attributions } = { answers: null, attributions: { a: {}, reference: {} } }

export function attributionsOf(state: AppState): Attributions {
  if (made.answers !== state.answers) {
    const now = { a: sideOf(state, 'a'), reference: sideOf(state, 'reference') }
    if (!ATTRIBUTION_SIDES.every((side) => sameRecord(made.attributions[side], now[side]))) made.attributions = now
    made.answers = state.answers
  }
  return made.attributions
}

function sideOf(state: AppState, side: AttributionSide): Attributions[AttributionSide] {
  return Object.fromEntries(
    ATTRIBUTION_METHODS.flatMap((method) => {
      const known = SLOTS[side][method].of(state)
      return known === null ? [] : [[method, known]]
    }),
  )
}

function sameRecord(one: Attributions[AttributionSide], other: Attributions[AttributionSide]): boolean {
  return ATTRIBUTION_METHODS.every((method) => one[method] === other[method])
}
