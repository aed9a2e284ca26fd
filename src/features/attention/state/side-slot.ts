// Where runs and their details stand in the store: a side's answer, and parts of that answer.

import type { ModelInput } from '#protocol/prediction'
import type { AppState, Asked, SideAnswer, SideState } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import type { Slot } from '#state/slot'

export type Side = 'a' | 'reference'

/** A run as the page shows it. */
export interface SideRun extends Pick<SideState, 'thumbnails'> {
  readonly answer: SideAnswer
}

/** The input of a side, and what the model made of it. */
export function sideSlot(side: Side): Slot<SideRun, Pick<SideState, 'input'>> {
  return {
    of: (state) => {
      const known = state[side]
      if (known === null) return null
      const { input, status, error, answer, thumbnails } = known
      return { question: { input }, status, error, answer: answer && { answer, thumbnails } }
    },
    put: (_, asked) => ({ [side]: asked && sideOf(asked) }) as Pick<AppState, Side>,
  }
}

function sideOf({ question, status, error, answer }: Asked<SideRun, Pick<SideState, 'input'>>): SideState {
  return { input: question.input, status, error, answer: answer?.answer ?? null, thumbnails: answer?.thumbnails ?? [] }
}

/** The answer that a detail belongs to. */
export interface DetailQuestion {
  readonly input: ModelInput
  readonly precomputed: boolean
}

/** Where a detail stands in an answer. */
export interface DetailPlace<Detail> {
  readonly put: (detail: Detail) => Partial<SideAnswer>
  /** Of details that go when nobody asks for them any more. */
  readonly of?: (answer: SideAnswer) => Detail | null
  readonly cleared?: Partial<SideAnswer>
}

/**
 * A detail of a side's answer, which is put into that answer when it has come. How it stands is not shown: the side's own run reports what
 * is wrong with the input.
 */
export function detailSlot<Detail>(side: Side, place: DetailPlace<Detail>): Slot<Detail, DetailQuestion> {
  return {
    of: (state) => {
      const answer = state[side]?.answer ?? null
      const detail = answer && (place.of?.(answer) ?? null)
      return answer && detail && { question: answer, status: 'done', error: null, answer: detail }
    },
    put: (state, asked) => {
      const now = state[side]
      if (!now?.answer) return state
      const change = (part: Partial<SideAnswer>): Partial<AppState> => ({ [side]: { ...now, answer: { ...now.answer, ...part } } })
      if (asked === null) return change(place.cleared ?? {})
      return asked.answer !== null && isOf(asked.question, now.answer) ? change(place.put(asked.answer)) : state
    },
  }
}

function isOf({ input, precomputed }: DetailQuestion, answer: SideAnswer): boolean {
  return sameInput(answer.input, input) && answer.precomputed === precomputed
}

/** Whether A's run failed for a reason that is told beside the sentence: while a model is on its way, its want is none. */
export function hasFailed({ a, model }: Pick<AppState, 'a' | 'model'>): boolean {
  return a.status === 'failed' && !(a.error?.kind === 'no-model' && model.status === 'loading')
}
