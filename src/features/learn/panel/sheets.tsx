// A lesson on paper: the teacher's sheet with plan and answers, the student's with room to write.

import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LessonId } from '#catalogue/lessons'
import type { Finding, Lesson } from '#lessons/lesson'
import { LESSONS } from '#lessons/lessons'
import type { Measure } from '#lessons/measure'
import { Button } from '#ui/button'
import { DialogButton } from '#ui/dialog-button'
import { outcomeText } from './step-view.tsx'
import { useLessonText } from './use-lesson-text.tsx'
import { useMeasured } from './use-measured.tsx'

interface SheetProps {
  readonly id: LessonId
  readonly lesson: Lesson
}

const KINDS = ['teacherSheet', 'studentSheet'] as const

export function Sheets(props: SheetProps) {
  const { t } = useTranslation()
  const text = useLessonText()
  const [open, setOpen] = useState<(typeof KINDS)[number] | null>(null)
  return (
    <div className="lesson-buttons">
      {KINDS.map((kind) => (
        <DialogButton
          key={kind}
          title={`${text(LESSONS[props.id].title)} · ${t(`learn.${kind}`)}`}
          closeLabel={t('learn.closeSheet')}
          text={t(`learn.${kind}`)}
          isOpen={open === kind}
          onOpenChange={(isOpen) => setOpen(isOpen ? kind : null)}
        >
          <div className="lesson-sheet">
            <p className="sheet-controls">
              <Button icon="download" onPress={() => window.print()}>
                {t('learn.print')}
              </Button>
            </p>
            {kind === 'teacherSheet' ? <TeacherSheet {...props} /> : <StudentSheet {...props} />}
          </div>
        </DialogButton>
      ))}
    </div>
  )
}

function TeacherSheet({ lesson }: SheetProps) {
  const { t } = useTranslation()
  const text = useLessonText()
  const findings = useFindings(lesson)
  const { teacher } = lesson
  return (
    <>
      <p>{text(lesson.goal)}</p>
      <h3>{t('learn.plan')}</h3>
      <dl>
        <dt>{t('learn.opening')}</dt>
        <dd>{text(teacher.opening)}</dd>
        <dt>{t('learn.investigation')}</dt>
        <dd>{text(teacher.investigation)}</dd>
        <dt>{t('learn.discussion')}</dt>
        <dd>
          <ul>
            {teacher.discussion.map((line) => (
              <li key={line.en}>{text(line)}</li>
            ))}
          </ul>
        </dd>
        <dt>{t('learn.closing')}</dt>
        <dd>{text(teacher.closing)}</dd>
      </dl>
      <h3>{t('learn.answers')}</h3>
      <p className="lesson-quiet">{t('learn.measuredNow')}</p>
      <ol>
        {lesson.steps.map((step, at) => (
          <li key={step.id}>
            {text(step.say)} <strong>{text(step.question)}</strong>{' '}
            {findings?.[at] ? `${outcomeText(step.predict, findings[at].outcome, text)}. ` : '… '}
            {text(step.explain, findings?.[at]?.numbers ?? null)}
          </li>
        ))}
      </ol>
      <h3>{t('learn.exercises')}</h3>
      <ol>
        {lesson.exercises.map(({ id, task }) => (
          <li key={id}>{text(task)}</li>
        ))}
      </ol>
      <p>
        <strong>{t('learn.solutions')}:</strong> {text(teacher.solutions)}
      </p>
      <p>
        <strong>{t('learn.open')}:</strong> {text(lesson.openTask)}
      </p>
      <h3>{t('learn.misunderstandings')}</h3>
      <dl>
        {teacher.misunderstandings.map(({ belief, answer }) => (
          <div key={belief.en}>
            <dt>{text(belief)}</dt>
            <dd>{text(answer)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('learn.summary')}</h3>
      <Summary lesson={lesson} />
      <h3>{t('learn.age')}</h3>
      <p>{text(teacher.age)}</p>
    </>
  )
}

function useFindings(lesson: Lesson): readonly Finding[] | null {
  const find = useCallback((measure: Measure) => Promise.all(lesson.steps.map((step) => step.find(measure))), [lesson])
  const measured = useMeasured(find)
  return measured.status === 'found' ? measured.found : null
}

function StudentSheet({ lesson }: SheetProps) {
  const { t } = useTranslation()
  const text = useLessonText()
  return (
    <>
      <p className="sheet-line">{t('learn.name')}:</p>
      <p>{text(lesson.goal)}</p>
      <ol>
        {lesson.steps.map((step) => (
          <li key={step.id}>
            {text(step.say)} <strong>{text(step.question)}</strong>
            {step.predict.kind === 'choice' && <span> ({step.predict.choices.map((choice) => text(choice)).join(' / ')})</span>}
            <p className="sheet-line">{t('learn.myGuess')}:</p>
            <p className="sheet-line">{t('learn.myFinding')}:</p>
          </li>
        ))}
      </ol>
      <h3>{t('learn.exercises')}</h3>
      <ol>
        {lesson.exercises.map(({ id, task }) => (
          <li key={id}>
            {text(task)}
            <p className="sheet-line" />
          </li>
        ))}
      </ol>
      <h3>{t('learn.open')}</h3>
      <p>{text(lesson.openTask)}</p>
      <p className="sheet-line" />
      <p className="sheet-line" />
      <h3>{t('learn.summary')}</h3>
      <Summary lesson={lesson} />
    </>
  )
}

function Summary({ lesson }: { readonly lesson: Lesson }) {
  const text = useLessonText()
  return (
    <ul>
      {lesson.summary.map((line) => (
        <li key={line.en}>{text(line)}</li>
      ))}
    </ul>
  )
}
