// Where the store keeps the answer to a question. Each capability declares its own slots, so that the store names none of them.

import type { AppState, Asked } from './app-state.ts'

/** A typed place in the state for what is found out about a question. */
export interface Slot<Answer, Question> {
  /** null before anything was asked; the same object as long as nothing in it changed. */
  readonly of: (state: AppState) => Asked<Answer, Question> | null
  /** What changes of the state, or the state itself where nothing does. null: nothing is asked any more. */
  readonly put: (state: AppState, asked: Asked<Answer, Question> | null) => Partial<AppState>
}

/** A slot among the answers of the store. @param name of no other slot */
export function slot<Answer, Question>(name: string): Slot<Answer, Question> {
  return {
    // Nothing but this slot writes under its name, so what stands there is what was put there.
    of: ({ answers }) => (answers[name] as Asked<Answer, Question> | undefined) ?? null,
    put: ({ answers }, asked) => {
      if (asked !== null) return { answers: { ...answers, [name]: asked } }
      const { [name]: _, ...others } = answers
      return { answers: others }
    },
  }
}
