// What is explained: a class or a token, rather than which other, and as what number.

import { useTranslation } from 'react-i18next'
import { kindOf } from '#answers/answer-kinds'
import { TARGET_SPACES } from '#catalogue/attribution-options'
import { indexOn } from '#state/layout/token-ref'
import { answerBesideTarget, noFoil, TARGET_SETTINGS, targetChoices, targetLabel, targetOf } from '#state/target'
import { Button } from '#ui/button'
import { Segmented } from '#ui/segmented'
import { SelectBox } from '#ui/select-box'
import { useApp, useServices, useSettings } from './app-context.tsx'
import { useFormat } from './use-format.tsx'

const NONE = 'none'
/** Candidates that can be asked about; a longer list is not looked through. */
const LISTED = 20

function isTwice(labels: readonly string[], label: string | undefined): boolean {
  return labels.indexOf(label ?? '') !== labels.lastIndexOf(label ?? '')
}

/** @param hasSpace whether the reader chooses in what the target is counted */
export function TargetFields({ hasSpace = true }: { readonly hasSpace?: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('token', ...TARGET_SETTINGS)
  const answer = useApp((state) => state.a.answer)
  const reference = useApp((state) => state.reference?.answer ?? null)
  const token = indexOn('a', settings.token)
  const target = answer && targetOf(settings, answer, token)
  const choices = answer ? targetChoices(settings, answer, token).slice(0, LISTED) : []
  const plain = choices.map(({ label }) => label.trim())
  const options = choices.map(({ index, label }, at) => ({
    value: String(index),
    // With another space before it a token is another one.
    text: format.label(plain[at] === '' ? `“${label}”` : isTwice(plain, plain[at]) ? label.replace(/^ /, '␣') : label.trim()),
  }))
  const named = (index: number) =>
    options.some(({ value }) => value === String(index))
      ? []
      : [{ value: String(index), text: format.label(targetLabel([], reference, index)?.trim() ?? `#${index}`) }]
  const beside = answer && answerBesideTarget(settings, answer, token)
  const readsOn = answer !== null && kindOf(answer.prediction).readsOn(answer.prediction) && token !== null && token > 0
  const spaces = hasSpace && answer !== null && kindOf(answer.prediction).hasShares(answer.prediction)
  return (
    <>
      {answer && target && (
        <div className="chart-heads">
          <SelectBox
            label={t('target.target')}
            value={String(target.index)}
            options={[...named(target.index), ...options]}
            onChange={(value) => actions.set({ target: Number(value), ...(settings.foil === Number(value) ? { foil: null } : {}) })}
          />
          <SelectBox
            label={t('target.foil')}
            value={target.foil === null ? NONE : String(target.foil)}
            options={[
              { value: NONE, text: t('target.noFoil') },
              ...(target.foil === null ? [] : named(target.foil)),
              ...options.filter(({ value }) => value !== String(target.index)),
            ]}
            onChange={(value) => actions.set({ foil: value === NONE ? noFoil(answer, target.index) : Number(value), target: target.index })}
          />
          {beside !== null && (
            <Button look="quiet" onPress={() => actions.set({ target: null, foil: null })}>
              {t('target.toAnswer', { answer: options.find(({ value }) => value === String(beside))?.text ?? `#${beside}` })}
            </Button>
          )}
          {spaces && (
            <SelectBox
              label={t('target.space')}
              value={target.space}
              options={TARGET_SPACES.map((value) => ({ value, text: t(`target.spaces.${value}`) }))}
              onChange={(targetSpace) => actions.set({ targetSpace })}
            />
          )}
        </div>
      )}
      {target?.space === 'score' && target.foil === null && answer && kindOf(answer.prediction).overVocabulary && (
        <p className="note">{t('target.logitAlone')}</p>
      )}
      {readsOn && (
        <Segmented
          label={t('target.explains')}
          value={settings.explains}
          options={(['itself', 'after'] as const).map((value) => ({
            value,
            text: t(`target.explainsWhat.${value}`, { token: answer.row.tokens[token]?.label.trim() ?? '' }),
          }))}
          onChange={(explains) => actions.set({ explains, target: null, foil: null })}
        />
      )}
    </>
  )
}
