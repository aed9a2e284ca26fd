import { useSyncExternalStore } from 'react'
import type { LessonId } from '#catalogue/lessons'
import { useService } from '#panels/shared/app-context.tsx'
import { type LessonProgress, PROGRESS } from '../state/progress.ts'

/** What the reader did in a lesson, and how to add to it. */
export function useProgress(lesson: LessonId) {
  const progress = useService(PROGRESS)
  const done = useSyncExternalStore(progress.subscribe, () => progress.of(lesson))
  return { done, change: (change: (before: LessonProgress) => Partial<LessonProgress>) => progress.change(lesson, change) }
}
