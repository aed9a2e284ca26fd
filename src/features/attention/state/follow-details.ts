// Details of both sides' answers: the matrices of the chosen heads, and what is asked about the chosen token.

import { kindOf } from '#answers/answer-kinds'
import type { AttentionChoice } from '#methods/attention/attention'
import type { ModelApi } from '#protocol/model-api'
import type { AppState, SideAnswer } from '#state/app-state'
import { currentDifference } from '#state/layout/panes'
import { type Engines, type Following, followQuery } from '#state/query'
import { comparedModel } from '#state/reference'
import type { AppStore } from '#state/store'
import type { AttentionApi } from '../api.ts'
import { choiceFor } from './shown-heads.ts'
import { type DetailQuestion, detailSlot, type Side } from './side-slot.ts'

interface ChoiceQuestion extends DetailQuestion {
  readonly choice: AttentionChoice
}

interface TokenQuestion extends DetailQuestion {
  readonly token: number
}

export function followDetails(store: AppStore, engines: Engines<AttentionApi & ModelApi>, side: Side): readonly Following[] {
  const model = (state: AppState) => state[modelOf(state, side)]
  const engine = () => engines[modelOf(store.getState(), side)]
  return [
    followQuery(store, {
      slot: detailSlot<Pick<SideAnswer, 'choice' | 'matrices'>>(side, { put: (detail) => detail }),
      model,
      ask: (state): ChoiceQuestion | null => {
        const answer = state[side]?.answer
        const choice = choiceFor(state, side)
        return !answer || sameChoice(answer.choice, choice) ? null : { ...questionOf(answer), choice }
      },
      // The run itself may bring them, or take them away again.
      forgets: true,
      call: async ({ input, choice }, { signal }) => ({
        choice,
        matrices: await engine().call('attention', { input, choice }, { signal }),
      }),
    }),
    followQuery(store, {
      slot: detailSlot<NonNullable<SideAnswer['focus']>>(side, { put: (focus) => ({ focus }) }),
      model,
      ask: (state) => tokenQuestion(state, side),
      call: ({ input, token }, { signal }) => engine().call('focus', { input, token }, { signal }),
    }),
    followQuery(store, {
      slot: detailSlot<NonNullable<SideAnswer['chosen']>>(side, {
        put: (chosen) => ({ chosen }),
        of: ({ chosen }) => chosen,
        cleared: { chosen: null },
      }),
      model,
      ask: (state) => {
        const prediction = state[side]?.answer?.prediction
        return prediction && kindOf(prediction).overVocabulary ? tokenQuestion(state, side) : null
      },
      forgets: true,
      call: ({ input, token }, { signal }) => engine().call('answer', { input, position: token }, { signal }),
    }),
  ]
}

function modelOf(state: AppState, side: Side): 'model' | 'modelB' {
  return side === 'reference' ? comparedModel(state) : 'model'
}

function questionOf({ input, precomputed }: SideAnswer): DetailQuestion {
  return { input, precomputed }
}

/** About the chosen token, where the row has it. */
function tokenQuestion(state: AppState, side: Side): TokenQuestion | null {
  const answer = state[side]?.answer
  const token = chosenToken(state, side)
  return !answer || token === null || token >= answer.row.tokens.length ? null : { ...questionOf(answer), token }
}

/** The chosen token on a side: itself, or the one that it is aligned with. */
function chosenToken(state: AppState, side: Side): number | null {
  const { token } = state.settings
  if (token === null) return null
  if ((token.side === 'a') === (side === 'a')) return token.index
  const alignment = currentDifference(state)?.alignment
  if (!alignment) return null
  const [from, to] = token.side === 'a' ? [alignment.a, alignment.b] : [alignment.b, alignment.a]
  const index = to[from.indexOf(token.index)] ?? -1
  return index < 0 ? null : index
}

function sameChoice(one: AttentionChoice, other: AttentionChoice): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
