// The lessons' names, and their files, each loaded when it is opened.

import type { LessonId } from '#catalogue/lessons'
import type { Lesson, Words } from './lesson.ts'

interface LessonRow {
  readonly title: Words
  /** One line for the list. */
  readonly about: Words
  readonly load: () => Promise<Lesson>
}

export const LESSONS: Readonly<Record<LessonId, LessonRow>> = {
  tokens: {
    title: { en: 'Tokens', zh: '词元' },
    about: { en: 'What the model reads instead of words', zh: '模型读到的不是词，而是什么' },
    load: async () => (await import('./tokens.ts')).tokens,
  },
  attention: {
    title: { en: 'Attention', zh: '注意力' },
    about: { en: 'Who looks at whom, and how much', zh: '谁关注谁，关注多少' },
    load: async () => (await import('./attention.ts')).attention,
  },
  perturbation: {
    title: { en: 'Change a word, see what happens', zh: '改一个词，看会怎样' },
    about: { en: 'Perturbation and counterfactuals', zh: '扰动与反事实' },
    load: async () => (await import('./perturbation.ts')).perturbation,
  },
}
