// Whether the verdict depends on how parts are switched off.

import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { sweepOf } from '../state/interventions.ts'
import { usePartName } from './use-part-name.tsx'

/** From this on the orders are much the same. */
const ALIKE = 0.8

export function KindAgreement() {
  const { t } = useTranslation()
  const format = useFormat()
  const partName = usePartName()
  const agreements = useApp((state) => sweepOf(state)?.answer?.agreements ?? null)
  if (agreements === null || agreements.length === 0) return null
  return (
    <section className="kind-agreement" aria-label={t('intervene.agreement')}>
      <h2>{t('intervene.agreement')}</h2>
      <ul>
        {agreements.map(({ one, other, correlation, differing }) => (
          <li key={`${one} ${other}`}>
            {t(correlation >= ALIKE ? 'intervene.agree' : 'intervene.disagree', {
              one: t(`intervene.kinds.${one}`),
              other: t(`intervene.kinds.${other}`),
              correlation: format.short(correlation).replace('+', ''),
            })}{' '}
            {t('intervene.differing', {
              parts: differing
                .map((found) => `${partName(found.part)} (${format.short(found.one)} / ${format.short(found.other)})`)
                .join(t('intervene.comma')),
            })}
          </li>
        ))}
      </ul>
    </section>
  )
}
