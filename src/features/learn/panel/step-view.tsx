// One step: predict, reveal, explain.

import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding, Prediction, Step } from '#lessons/lesson'
import { useServices } from '#panels/shared/app-context.tsx'
import { Button } from '#ui/button'
import { showStep } from '../state/lesson-page.ts'
import { useLessonText } from './use-lesson-text.tsx'
import { useMeasured } from './use-measured.tsx'

interface StepViewProps {
  readonly step: Step
  /** null until the reader has predicted. */
  readonly guess: number | null
  readonly onGuess: (guess: number | null) => void
}

export function StepView({ step, guess, onGuess }: StepViewProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const text = useLessonText()
  const measured = useMeasured(guess === null ? null : step.find)
  const reveal = (guessed: number): void => {
    showStep(actions, step.reveal)
    onGuess(guessed)
  }
  return (
    <>
      <p>{text(step.say)}</p>
      <Guessing key={step.id} step={step} guess={guess} onReveal={reveal} />
      <div aria-live="polite">
        {guess !== null && (
          <div className="lesson-explains">
            {measured.status === 'waiting' && <p className="lesson-quiet">{t('learn.measuring')}</p>}
            {measured.status === 'failed' && <p className="lesson-quiet">{t('learn.notMeasured')}</p>}
            {measured.status === 'found' && <Explained step={step} guess={guess} finding={measured.found} />}
          </div>
        )}
      </div>
      {guess !== null && (
        <Button look="quiet" onPress={() => onGuess(null)}>
          {t('learn.guessAgain')}
        </Button>
      )}
    </>
  )
}

function Explained({ step, guess, finding }: { readonly step: Step; readonly guess: number; readonly finding: Finding }) {
  const { t } = useTranslation()
  const text = useLessonText()
  const { predict, explain } = step
  return (
    <>
      <p className="lesson-verdict">
        <strong>{t(isNear(predict, guess, finding.outcome) ? 'learn.guessedRight' : 'learn.guessedWrong')}</strong>{' '}
        {t('learn.itIs', { what: outcomeText(predict, finding.outcome, text) })}
      </p>
      <p>{text(explain, finding.numbers)}</p>
      {!finding.holds && <p className="lesson-quiet">{t('learn.otherwise')}</p>}
    </>
  )
}

export function outcomeText(predict: Prediction, outcome: number, text: ReturnType<typeof useLessonText>): string {
  if (predict.kind === 'number') return `${text({ en: '{it}', zh: '{it}' }, { it: outcome })} ${text(predict.unit)}`.trim()
  const choice = predict.choices[outcome]
  return choice ? text(choice) : ''
}

function isNear(predict: Prediction, guess: number, outcome: number): boolean {
  return predict.kind === 'choice' ? guess === outcome : Math.abs(guess - outcome) <= predict.within
}

interface GuessingProps {
  readonly step: Step
  readonly guess: number | null
  readonly onReveal: (guess: number) => void
}

function Guessing({ step, guess, onReveal }: GuessingProps) {
  const { t } = useTranslation()
  const text = useLessonText()
  const name = useId()
  const [chosen, setChosen] = useState<number | null>(guess)
  const shown = guess ?? chosen
  const { predict } = step
  const isAllowed = shown !== null && !Number.isNaN(shown) && (predict.kind === 'choice' || (shown >= predict.min && shown <= predict.max))
  return (
    <fieldset className="lesson-guess" disabled={guess !== null}>
      <legend>{text(step.question)}</legend>
      {predict.kind === 'choice' ? (
        predict.choices.map((choice, at) => (
          <label key={choice.en} className="lesson-choice">
            <input type="radio" name={name} checked={shown === at} onChange={() => setChosen(at)} />
            {text(choice)}
          </label>
        ))
      ) : (
        <label className="lesson-choice">
          <input
            className="ui-input"
            type="number"
            min={predict.min}
            max={predict.max}
            step="any"
            value={shown ?? ''}
            aria-label={text(step.question)}
            onChange={({ target }) => setChosen(target.value === '' ? null : target.valueAsNumber)}
          />
          {text(predict.unit)}
        </label>
      )}
      {guess === null && (
        <Button look="primary" isDisabled={!isAllowed} onPress={() => shown !== null && onReveal(shown)}>
          {t('learn.reveal')}
        </Button>
      )}
    </fieldset>
  )
}
