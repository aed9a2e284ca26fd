// An exercise: the reader changes the page, and the model says whether that does it.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Exercise, Verdict } from '#lessons/lesson'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import { Button } from '#ui/button'
import { MEASURE } from '../state/learn.ts'
import { readerPage } from '../state/lesson-page.ts'
import { useLessonText } from './use-lesson-text.tsx'

interface ExerciseViewProps {
  readonly exercise: Exercise
  readonly isSolved: boolean
  readonly onSolved: (link: string) => void
}

type Checked = { readonly status: 'idle' | 'checking' | 'failed' } | { readonly status: 'checked'; readonly verdict: Verdict }

export function ExerciseView({ exercise, isSolved, onSolved }: ExerciseViewProps) {
  const { t } = useTranslation()
  const { store, actions } = useServices()
  const measure = useService(MEASURE)
  const text = useLessonText()
  const isReady = useApp(({ model }) => model.status === 'ready')
  const [checked, setChecked] = useState<Checked>({ status: 'idle' })
  const [hints, setHints] = useState(0)
  const check = async (): Promise<void> => {
    setChecked({ status: 'checking' })
    // What is checked is what was on the page when it was asked for.
    const { settings } = store.getState()
    const link = actions.link()
    try {
      const verdict = await exercise.check(readerPage(settings), measure)
      setChecked({ status: 'checked', verdict })
      if (verdict.isSolved) onSolved(link)
    } catch {
      setChecked({ status: 'failed' })
    }
  }
  const verdict = checked.status === 'checked' ? checked.verdict : null
  const remark = verdict && exercise.remarks[verdict.remark]
  return (
    <>
      <p>{text(exercise.task)}</p>
      <div className="lesson-buttons">
        <Button look="primary" isDisabled={!isReady || checked.status === 'checking'} onPress={() => void check()}>
          {t('learn.check')}
        </Button>
        {hints < exercise.hints.length && (
          <Button onPress={() => setHints(hints + 1)}>{t('learn.hint', { number: hints + 1, count: exercise.hints.length })}</Button>
        )}
      </div>
      <div aria-live="polite">
        {checked.status === 'checking' && <p className="lesson-quiet">{t('learn.checking')}</p>}
        {checked.status === 'failed' && <p className="lesson-quiet">{t('learn.notMeasured')}</p>}
        {verdict && (
          <p className={`lesson-explains${verdict.isSolved ? ' is-solved' : ''}`} data-verdict={verdict.isSolved ? 'solved' : 'not-yet'}>
            <strong>{t(verdict.isSolved ? 'learn.solved' : 'learn.notYet')}</strong> {remark ? text(remark, verdict.numbers) : ''}
          </p>
        )}
        {!verdict && isSolved && checked.status === 'idle' && <p className="lesson-explains is-solved">{t('learn.solvedBefore')}</p>}
      </div>
      <ol className="lesson-hints">
        {exercise.hints.slice(0, hints).map((hint) => (
          <li key={hint.en}>{text(hint)}</li>
        ))}
      </ol>
    </>
  )
}
