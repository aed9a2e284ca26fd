// The lessons in their order; the ids are the values in links. Each is a file of `src/lessons`.

export const LESSON_IDS = ['tokens', 'attention', 'perturbation'] as const

export type LessonId = (typeof LESSON_IDS)[number]

/** What the page shows of lessons: nothing, the list, or one of them. */
export const LESSON_PLACES = ['none', 'list', ...LESSON_IDS] as const

/** Parts of the page that a link can hide from a class. */
export const HIDEABLE = ['models', 'tabs', 'compare', 'settings', 'controls', 'history'] as const

export type HideablePart = (typeof HIDEABLE)[number]
