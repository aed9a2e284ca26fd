// A lesson against the model that it speaks about: every claim, every number in its words, every exercise solved once and missed once.

import type { LessonId } from '#catalogue/lessons'
import { readerPage, showStep } from '#features/learn/state/lesson-page.ts'
import { createMeasure, type LessonEngineApi } from '#features/learn/state/measure.ts'
import type { Lesson, Numbers, Words } from '#lessons/lesson'
import { LESSONS } from '#lessons/lessons'
import type { Measure } from '#lessons/measure'
import { SOLUTIONS } from '#lessons/solutions.fixture'
import type { WorkerCaller } from '#protocol/client'
import { INITIAL_SETTINGS } from '#share/settings'
import { createActions, createAppStore } from '#state/store'
import { folderPlace } from '../explain/model-place.ts'
import { listening, openEngine } from '../explain/open-engine.ts'

const FILES = {
  'minilm-sst2': { file: 'onnx/model_quantized.onnx', removal: 'mask' },
  'smollm2-135m-instruct': { file: 'onnx/model_q4.onnx', removal: 'delete' },
} as const

/** The engine in Node, as lessons ask it. */
export async function openMeasure(
  model: keyof typeof FILES,
): Promise<{ readonly measure: Measure; readonly release: () => Promise<void> }> {
  const { file, removal } = FILES[model]
  const { engine, release } = await openEngine(folderPlace(`public/models/${model}`, [file]), file, true)
  const caller: WorkerCaller<LessonEngineApi> = {
    call: (name, args, options = {}) => {
      // The handler of a name takes the arguments of that name, which the compiler does not follow.
      const handler = engine[name] as (args: unknown, context: unknown) => Promise<never>
      return handler(args, listening(options.onProgress ?? (() => undefined)))
    },
  }
  return { measure: createMeasure(caller, () => removal), release }
}

/** What is wrong with a lesson, a line each; empty for one that is right. */
export async function faultsOf(id: LessonId, lesson: Lesson, measure: Measure): Promise<readonly string[]> {
  const faults: string[] = []
  for (const step of lesson.steps) {
    const { holds, outcome, numbers } = await step.find(measure)
    const place = `${id}, step ${step.id}`
    if (!holds) faults.push(`${place}: the model does otherwise: ${JSON.stringify(numbers)}`)
    const { predict } = step
    const isOffered = predict.kind === 'choice' ? predict.choices[outcome] !== undefined : outcome >= predict.min && outcome <= predict.max
    if (!isOffered) faults.push(`${place}: what comes out (${outcome}) cannot be predicted`)
    faults.push(...unfilled(place, step.explain, numbers))
  }
  for (const { id: name, page, remarks, check } of lesson.exercises) {
    const solution = SOLUTIONS[id][name]
    const place = `${id}, exercise ${name}`
    if (!solution) {
      faults.push(`${place}: nobody has solved it`)
      continue
    }
    const [right, wrong] = [await check(pageWith(page, solution.right), measure), await check(pageWith(page, solution.wrong), measure)]
    if (!right.isSolved) faults.push(`${place}: its solution is not accepted: ${right.remark} ${JSON.stringify(right.numbers)}`)
    if (wrong.isSolved) faults.push(`${place}: a wrong page is accepted: ${wrong.remark} ${JSON.stringify(wrong.numbers)}`)
    if (wrong.remark !== solution.remark) faults.push(`${place}: the wrong page is told "${wrong.remark}", not "${solution.remark}"`)
    const begun = await check(pageWith(page, {}), measure)
    if (begun.isSolved) faults.push(`${place}: it is solved before it begins`)
    for (const verdict of [right, wrong, begun]) {
      const remark = remarks[verdict.remark]
      if (remark) faults.push(...unfilled(place, remark, verdict.numbers))
      else faults.push(`${place}: no words for "${verdict.remark}"`)
    }
  }
  return faults
}

export async function loadLesson(id: LessonId): Promise<Lesson> {
  return LESSONS[id].load()
}

/** The page after a section's own change and the reader's. */
function pageWith(page: Lesson['steps'][number]['page'], reader: Lesson['steps'][number]['page']) {
  const store = createAppStore(INITIAL_SETTINGS)
  const actions = createActions(store)
  showStep(actions, page)
  actions.set(reader)
  return readerPage(store.getState().settings)
}

/** Braces that nothing was measured for, in either language, and numbers that are none. */
function unfilled(place: string, words: Words, numbers: Numbers): readonly string[] {
  const missing = [words.en, words.zh].flatMap((text) =>
    Array.from(text.matchAll(/\{(\w+)\}/g), ([, name = '']) => name).filter((name) => !Object.hasOwn(numbers, name)),
  )
  const empty = Object.entries(numbers).filter(([, value]) =>
    Number.isNaN(typeof value === 'object' ? value.share : typeof value === 'number' ? value : 0),
  )
  return [...missing.map((name) => `${place}: {${name}} is not measured`), ...empty.map(([name]) => `${place}: {${name}} is no number`)]
}
