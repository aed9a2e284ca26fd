// A lesson is data: words of both languages side by side, what the page shows with each step, and what must be true of the model for the
// lesson to be right. What is measured fills the braces in its words: no number in a lesson is typed by hand. See docs/lessons.md.

import type { EmbeddedId } from '#share/model-ref'
import type { Settings } from '#share/settings'
import type { LessonInput, Measure } from './measure.ts'

/** A text in each language. `{name}` stands for a number or word that was measured. */
export interface Words {
  readonly en: string
  readonly zh: string
}

/** What was measured, by the names in braces. `share` is shown in percent. */
export type Numbers = Readonly<Record<string, number | string | { readonly share: number }>>

/** Settings of the page. With a text, edits and choices of the text before go. */
export type PageChange = Partial<Settings>

export interface Finding {
  /** Whether the model does what the step says; a test of all lessons asks. */
  readonly holds: boolean
  /** Index of the choice that proves right, or the number that was asked for. */
  readonly outcome: number
  readonly numbers: Numbers
}

export type Prediction =
  | { readonly kind: 'choice'; readonly choices: readonly Words[] }
  /** `within`: a guess this near counts as right. */
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly within: number; readonly unit: Words }

/** Predict, reveal, explain. */
export interface Step {
  readonly id: string
  readonly page: PageChange
  readonly say: Words
  readonly question: Words
  readonly predict: Prediction
  readonly reveal: PageChange
  readonly explain: Words
  readonly find: (measure: Measure) => Promise<Finding>
}

export interface Preset {
  readonly title: Words
  readonly look: Words
  readonly page: PageChange
}

/** What the reader has made of the page. */
export interface ReaderPage {
  readonly a: LessonInput
  readonly b: LessonInput | null
  /** Counted from 1. */
  readonly heads: readonly { readonly layer: number; readonly head: number }[]
  readonly settings: Settings
}

export interface Verdict {
  readonly isSolved: boolean
  /** Names one of the exercise's remarks. */
  readonly remark: string
  readonly numbers: Numbers
}

/** Checked by what the model does with the reader's page: no answer stands in here. */
export interface Exercise {
  readonly id: string
  readonly page: PageChange
  readonly task: Words
  /** From a nudge to nearly the way. */
  readonly hints: readonly [Words, Words, Words]
  readonly remarks: Readonly<Record<string, Words>>
  readonly check: (page: ReaderPage, measure: Measure) => Promise<Verdict>
}

export interface TeacherSheet {
  /** 5 opening, 20 investigation, 10 discussion, 10 closing. */
  readonly opening: Words
  readonly investigation: Words
  readonly discussion: readonly Words[]
  readonly closing: Words
  readonly misunderstandings: readonly { readonly belief: Words; readonly answer: Words }[]
  readonly solutions: Words
  readonly age: Words
}

export interface Lesson {
  readonly id: string
  readonly model: EmbeddedId
  readonly goal: Words
  readonly steps: readonly Step[]
  readonly presets: readonly Preset[]
  readonly exercises: readonly Exercise[]
  /** Of which no machine knows whether it is done. */
  readonly openTask: Words
  readonly summary: readonly Words[]
  readonly teacher: TeacherSheet
}
