// What if: every edit of a kind at once, the smallest change that turns the answer over, and what two units do together.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { kindOf } from '#answers/answer-kinds'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { TargetFields } from '#panels/shared/target-fields.tsx'
import { useGradientsGate } from '#panels/shared/use-gradients-gate.tsx'
import { CounterfactualFinder } from './counterfactual-finder.tsx'
import { EditTable } from './edit-table.tsx'
import { InteractionMap } from './interaction-map.tsx'
import './what-if.css'

export function WhatIfPanel() {
  const { t } = useTranslation()
  const answer = useApp((state) => state.a.answer)
  const { families, counterfactualMoves } = useSettings('families', 'counterfactualMoves')
  /** The same edits may stand in both: the detail is shown where they were opened. */
  const [place, setPlace] = useState<'table' | 'counterfactuals'>('table')
  // Other words come from the table of embeddings, which is read with the gradients.
  const inTheWay = useGradientsGate(families.includes('neighbour') || counterfactualMoves.includes('replace'))
  if (answer && !kindOf(answer.prediction).isExplainable) return <p className="empty-state">{t('asked.noAnswer')}</p>
  return (
    <section className="what-if" aria-label={t('whatIf.label')} id="charts" tabIndex={-1}>
      <TargetFields />
      {inTheWay}
      <EditTable isPlace={place === 'table'} onOpen={() => setPlace('table')} />
      <CounterfactualFinder isPlace={place === 'counterfactuals'} onOpen={() => setPlace('counterfactuals')} />
      <InteractionMap />
    </section>
  )
}
