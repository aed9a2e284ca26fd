// What a reader did in lessons: kept on the device, and nowhere else.

import type { LessonId } from '#catalogue/lessons'
import { service } from '#state/services'

export interface LessonProgress {
  /** Guesses by step: the index of a choice, or a number. A step with a guess has been revealed. */
  readonly guesses: Readonly<Record<string, number>>
  /** Exercises that were solved, each with the link of the page that solved it. */
  readonly solved: Readonly<Record<string, string>>
  /** What was written to the open task. */
  readonly notes: string
  readonly step: number
}

const NOTHING: LessonProgress = { guesses: {}, solved: {}, notes: '', step: 0 }

type AllProgress = Readonly<Partial<Record<LessonId, LessonProgress>>>

export interface Progress {
  readonly of: (lesson: LessonId) => LessonProgress
  readonly change: (lesson: LessonId, change: (before: LessonProgress) => Partial<LessonProgress>) => void
  readonly subscribe: (listener: () => void) => () => void
}

export const PROGRESS = service<Progress>('lesson-progress')

const STORED = 'innerscope-lessons'

/** @param storage null where the browser forbids it: then what was done is kept until the page is closed */
export function createProgress(storage: Pick<Storage, 'getItem' | 'setItem'> | null): Progress {
  let all = read(storage)
  const listeners = new Set<() => void>()
  return {
    of: (lesson) => all[lesson] ?? NOTHING,
    change: (lesson, change) => {
      const before = all[lesson] ?? NOTHING
      all = { ...all, [lesson]: { ...before, ...change(before) } }
      try {
        storage?.setItem(STORED, JSON.stringify(all))
      } catch {
        // A full or forbidden storage forgets; this visit goes on.
      }
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function read(storage: Pick<Storage, 'getItem'> | null): AllProgress {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(STORED) ?? '{}')
    if (!isRecord(stored)) return {}
    return Object.fromEntries(Object.entries(stored).flatMap(([lesson, one]) => (isRecord(one) ? [[lesson, readOne(one)]] : [])))
  } catch {
    return {}
  }
}

/** What another version of the page left is taken as far as it is understood. */
function readOne({ guesses, solved, notes, step }: Readonly<Record<string, unknown>>): LessonProgress {
  return {
    guesses: valuesOf(guesses, (value) => typeof value === 'number'),
    solved: valuesOf(solved, (value) => typeof value === 'string'),
    notes: typeof notes === 'string' ? notes : '',
    step: typeof step === 'number' && Number.isInteger(step) && step >= 0 ? step : 0,
  }
}

function valuesOf<Value>(record: unknown, is: (value: unknown) => value is Value): Readonly<Record<string, Value>> {
  if (!isRecord(record)) return {}
  return Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (is(value) ? [[name, value]] : [])))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
