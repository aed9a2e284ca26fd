// What if: one toolbar, and below it every edit of a kind by itself, the smallest that flip the answer, or what every two units do together.

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { kindOf } from '#answers/answer-kinds'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { RemovalField, UnitField } from '#panels/shared/removal-fields.tsx'
import { TargetFields } from '#panels/shared/target-fields.tsx'
import { useGradientsGate } from '#panels/shared/use-gradients-gate.tsx'
import type { Settings } from '#share/settings'
import { PopoverButton } from '#ui/popover-button'
import { Segmented } from '#ui/segmented'
import { CounterfactualFields, CounterfactualList } from './counterfactual-finder.tsx'
import { EditFields } from './edit-fields.tsx'
import { InteractionMap } from './interaction-map.tsx'
import { SingleEditScan } from './single-edit-scan.tsx'
import './what-if.css'

type View = Settings['whatIfView']

interface ViewParts {
  /** In the toolbar, after the target. */
  readonly fields: ReactNode
  readonly result: ReactNode
}

const VIEWS: Readonly<Record<View, ViewParts>> = {
  scan: {
    fields: (
      <>
        <EditFields />
        <UnitField />
      </>
    ),
    result: <SingleEditScan />,
  },
  counterfactuals: { fields: <CounterfactualFields />, result: <CounterfactualList /> },
  interactions: {
    fields: (
      <>
        <UnitField />
        <RemovalField />
      </>
    ),
    result: <InteractionMap />,
  },
}
const VIEW_IDS = ['scan', 'counterfactuals', 'interactions'] as const

export function WhatIfPanel() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const answer = useApp((state) => state.a.answer)
  const { families, counterfactualMoves, whatIfView: view } = useSettings('families', 'counterfactualMoves', 'whatIfView')
  // Other words come from the table of embeddings, which is read with the gradients.
  const wantsWords =
    view === 'scan' ? families.includes('neighbour') : view === 'counterfactuals' && counterfactualMoves.includes('replace')
  const inTheWay = useGradientsGate(wantsWords)
  if (answer && !kindOf(answer.prediction).isExplainable) return <p className="empty-state">{t('asked.noAnswer')}</p>
  const { fields, result } = VIEWS[view]
  return (
    <section className="what-if" aria-label={t('whatIf.label')} id="charts" tabIndex={-1}>
      <div className="what-if-toolbar">
        <Segmented
          label={t('whatIf.view')}
          value={view}
          options={VIEW_IDS.map((value) => ({ value, text: t(`whatIf.views.${value}`) }))}
          onChange={(whatIfView) => actions.set({ whatIfView })}
        />
        <TargetFields />
        {fields}
        <PopoverButton icon="help" title={t('whatIf.about', { view: t(`whatIf.views.${view}`) })}>
          <p className="popover-text">{t(`whatIf.shows.${view}`)}</p>
          <p className="popover-text">{t(`whatIf.showsNot.${view}`)}</p>
        </PopoverButton>
      </div>
      {inTheWay}
      {result}
    </section>
  )
}
