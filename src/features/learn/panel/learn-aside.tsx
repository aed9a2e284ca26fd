// Lessons beside the page they speak about: at its right, and on a narrow screen at the foot of the window.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LESSON_IDS, type LessonId } from '#catalogue/lessons'
import { LESSONS } from '#lessons/lessons'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { Button } from '#ui/button'
import { LessonView } from './lesson-view.tsx'
import { useLessonText } from './use-lesson-text.tsx'
import { useProgress } from './use-progress.tsx'
import './learn.css'

export function LearnAside() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const lesson = useApp(({ settings }) => settings.lesson)
  const [isFolded, setFolded] = useState(false)
  return (
    <aside className={`learn-aside${isFolded ? ' is-folded' : ''}`} aria-label={t('learn.label')}>
      <div className="learn-head">
        {lesson === 'list' ? (
          <h2>{t('learn.label')}</h2>
        ) : (
          <Button look="quiet" onPress={() => actions.set({ lesson: 'list', lessonStep: 0 })}>
            {t('learn.all')}
          </Button>
        )}
        <span className="learn-head-actions">
          <span className="learn-fold">
            <Button look="quiet" onPress={() => setFolded(!isFolded)}>
              {t(isFolded ? 'learn.unfold' : 'learn.fold')}
            </Button>
          </span>
          <Button look="quiet" icon="close" label={t('learn.close')} onPress={() => actions.set({ lesson: 'none' })} />
        </span>
      </div>
      <div className="learn-body">
        {lesson === 'list' && <LessonList />}
        {lesson !== 'list' && lesson !== 'none' && <LessonView id={lesson} />}
      </div>
    </aside>
  )
}

function LessonList() {
  const { t } = useTranslation()
  return (
    <>
      <p className="lesson-quiet">{t('learn.intro')}</p>
      <ol className="lesson-list">
        {LESSON_IDS.map((id, at) => (
          <LessonRow key={id} id={id} number={at + 1} />
        ))}
      </ol>
    </>
  )
}

function LessonRow({ id, number }: { readonly id: LessonId; readonly number: number }) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const text = useLessonText()
  const { done } = useProgress(id)
  const { title, about } = LESSONS[id]
  return (
    <li>
      <button type="button" className="lesson-card" onClick={() => actions.set({ lesson: id, lessonStep: 0 })}>
        <span className="lesson-card-title">
          {number}. {text(title)}
        </span>
        <span className="lesson-quiet">{text(about)}</span>
        {done.step > 0 && <span className="lesson-quiet">{t('learn.begun')}</span>}
      </button>
    </li>
  )
}
