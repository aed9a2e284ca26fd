// A lesson's sections in their order: its goal, the steps, the exercises, presets with the open task, and the summary.

import type { Exercise, Lesson, PageChange, Step } from '#lessons/lesson'

export type LessonSection =
  | { readonly kind: 'goal' | 'open' | 'summary' }
  | { readonly kind: 'step'; readonly step: Step; readonly number: number }
  | { readonly kind: 'exercise'; readonly exercise: Exercise; readonly number: number }

export function sectionsOf({ steps, exercises }: Lesson): readonly LessonSection[] {
  return [
    { kind: 'goal' },
    ...steps.map((step, at) => ({ kind: 'step' as const, step, number: at + 1 })),
    ...exercises.map((exercise, at) => ({ kind: 'exercise' as const, exercise, number: at + 1 })),
    { kind: 'open' },
    { kind: 'summary' },
  ]
}

/** What a section begins with; null where the page stays as it is. */
export function pageOf(section: LessonSection): PageChange | null {
  if (section.kind === 'step') return section.step.page
  return section.kind === 'exercise' ? section.exercise.page : null
}
