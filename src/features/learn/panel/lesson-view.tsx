// A lesson beside the page, one section at a time.

import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LessonId } from '#catalogue/lessons'
import type { Lesson } from '#lessons/lesson'
import { LESSONS } from '#lessons/lessons'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { useModelName } from '#panels/shared/use-model-name.tsx'
import { Button } from '#ui/button'
import { showStep } from '../state/lesson-page.ts'
import { ExerciseView } from './exercise-view.tsx'
import { type LessonSection, pageOf, sectionsOf } from './lesson-sections.ts'
import { Sheets } from './sheets.tsx'
import { StepView } from './step-view.tsx'
import { useLessonText } from './use-lesson-text.tsx'
import { useProgress } from './use-progress.tsx'

export function LessonView({ id }: { readonly id: LessonId }) {
  const { t } = useTranslation()
  const lesson = useLesson(id)
  if (lesson === 'missing') return <p className="lesson-quiet">{t('learn.missing')}</p>
  return lesson === null ? <p className="lesson-quiet">…</p> : <Sections key={id} id={id} lesson={lesson} />
}

function useLesson(id: LessonId): Lesson | 'missing' | null {
  const [loaded, setLoaded] = useState<Lesson | 'missing' | null>(null)
  useEffect(() => {
    let isWanted = true
    setLoaded(null)
    LESSONS[id].load().then(
      (lesson) => isWanted && setLoaded(lesson),
      () => isWanted && setLoaded('missing'),
    )
    return () => {
      isWanted = false
    }
  }, [id])
  return loaded
}

function Sections({ id, lesson }: { readonly id: LessonId; readonly lesson: Lesson }) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const text = useLessonText()
  const { done, change } = useProgress(id)
  const place = useApp(({ settings }) => settings.lessonStep)
  const heading = useRef<HTMLHeadingElement>(null)
  const sections = sectionsOf(lesson)
  const at = Math.min(place, sections.length - 1)
  const section = sections[at]
  const go = (to: number): void => {
    const next = sections[to]
    if (next === undefined) return
    const page = pageOf(next)
    if (page) showStep(actions, page)
    actions.set({ lessonStep: to })
    change(() => ({ step: to }))
    heading.current?.focus()
  }
  if (section === undefined) return null
  const title =
    section.kind === 'step' || section.kind === 'exercise'
      ? t(`learn.${section.kind}`, { number: section.number })
      : t(`learn.${section.kind}`)
  const page = pageOf(section)
  return (
    <article className="lesson" aria-label={text(LESSONS[id].title)}>
      <p className="lesson-place">
        {text(LESSONS[id].title)} · {t('learn.place', { at: at + 1, of: sections.length })}
      </p>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <progress className="lesson-bar" aria-label={t('learn.progress')} max={sections.length - 1} value={at} />
      <ModelNeeded lesson={lesson} />
      <SectionBody id={id} lesson={lesson} section={section} />
      <nav className="lesson-buttons" aria-label={t('learn.moves')}>
        <Button isDisabled={at === 0} onPress={() => go(at - 1)}>
          {t('learn.back')}
        </Button>
        <Button look={isDone(section, done) ? 'primary' : 'plain'} isDisabled={at === sections.length - 1} onPress={() => go(at + 1)}>
          {t(at === 0 ? 'learn.begin' : 'learn.next')}
        </Button>
        {page && <Button look="quiet" icon="retry" label={t('learn.showAgain')} onPress={() => showStep(actions, page)} />}
      </nav>
      {section.kind === 'goal' && done.step > 0 && (
        <Button look="quiet" onPress={() => go(done.step)}>
          {t('learn.resume', { at: done.step + 1 })}
        </Button>
      )}
    </article>
  )
}

function isDone(section: LessonSection, { guesses, solved }: { readonly guesses: object; readonly solved: object }): boolean {
  if (section.kind === 'step') return Object.hasOwn(guesses, section.step.id)
  return section.kind === 'exercise' ? Object.hasOwn(solved, section.exercise.id) : true
}

/** What a lesson says is true of its own model. */
function ModelNeeded({ lesson }: { readonly lesson: Lesson }) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const modelName = useModelName()
  const isThere = useApp(({ settings: { model } }) => model.kind === 'embedded' && model.id === lesson.model)
  if (isThere) return null
  return (
    <div className="lesson-explains">
      <p>{t('learn.needsModel', { model: modelName(lesson.model) })}</p>
      <Button look="primary" onPress={() => actions.chooseModel('model', { kind: 'embedded', id: lesson.model })}>
        {t('learn.openModel', { model: modelName(lesson.model) })}
      </Button>
    </div>
  )
}

interface SectionBodyProps {
  readonly id: LessonId
  readonly lesson: Lesson
  readonly section: LessonSection
}

function SectionBody({ id, lesson, section }: SectionBodyProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const text = useLessonText()
  const { done, change } = useProgress(id)
  switch (section.kind) {
    case 'goal':
      return (
        <>
          <p>{text(lesson.goal)}</p>
          <p className="lesson-quiet">{t('learn.how')}</p>
          <Sheets lesson={lesson} id={id} />
        </>
      )
    case 'step': {
      const { step } = section
      return (
        <StepView
          key={step.id}
          step={step}
          guess={done.guesses[step.id] ?? null}
          onGuess={(guess) =>
            change(({ guesses: { [step.id]: _, ...others } }) => ({ guesses: guess === null ? others : { ...others, [step.id]: guess } }))
          }
        />
      )
    }
    case 'exercise': {
      const { exercise } = section
      return (
        <ExerciseView
          key={exercise.id}
          exercise={exercise}
          isSolved={done.solved[exercise.id] !== undefined}
          onSolved={(link) => change(({ solved }) => ({ solved: { ...solved, [exercise.id]: link } }))}
        />
      )
    }
    case 'open':
      return (
        <>
          <p>{text(lesson.openTask)}</p>
          <ul className="lesson-presets">
            {lesson.presets.map(({ title, look, page }) => (
              <li key={title.en}>
                <Button onPress={() => showStep(actions, page)}>{text(title)}</Button>
                <p className="lesson-quiet">{text(look)}</p>
              </li>
            ))}
          </ul>
          <label className="lesson-notes">
            {t('learn.notes')}
            <textarea rows={5} value={done.notes} onChange={({ target }) => change(() => ({ notes: target.value }))} />
          </label>
          <p className="lesson-quiet">{t('learn.kept')}</p>
        </>
      )
    case 'summary':
      return (
        <>
          <ul className="lesson-summary">
            {lesson.summary.map((line) => (
              <li key={line.en}>{text(line)}</li>
            ))}
          </ul>
          <p>
            {t('learn.result', {
              guessed: Object.keys(done.guesses).length,
              steps: lesson.steps.length,
              solved: Object.keys(done.solved).length,
              exercises: lesson.exercises.length,
            })}
          </p>
        </>
      )
  }
}
