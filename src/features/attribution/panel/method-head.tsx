// What stands beside a method's values: its name, one line on what they are, and how they add up or are coming along.

import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { type AttributionMethodId, METHODS } from '#catalogue/attribution-methods'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { type AttributionSide, attributionSlot } from '#state/attributions'
import type { Pane } from '#state/layout/panes'
import { optionsOf } from '#state/target'
import { Button } from '#ui/button'
import { ATTRIBUTING } from '../state/attribute.ts'
import { MethodInfo } from './method-info.tsx'
import { SIDES } from './rows.ts'
import { useMethodStatus } from './use-method-status.tsx'

export interface MethodHeadProps {
  readonly method: AttributionMethodId
  readonly pane: Pane
  /** Whether its values are all rounding. */
  readonly isZero: boolean
}

export const MethodHead = memo(function MethodHead({ method, pane, isZero }: MethodHeadProps) {
  const { t } = useTranslation()
  const { actions, store } = useServices()
  const name = t(`methods.${method}.name`)
  const removal = useApp((state) => optionsOf(state).removal)
  const sides = SIDES[pane.side]
  return (
    <div className="method-head">
      <div className="method-title">
        <h2>{name}</h2>
        <span className="method-buttons" data-not-exported>
          <MethodInfo method={method} sides={sides} />
          <Button
            look="quiet"
            icon="close"
            label={t('attribution.remove', { method: name })}
            onPress={() => actions.set({ methods: store.getState().settings.methods.filter((other) => other !== method) })}
          />
        </span>
      </div>
      <p className="method-line">
        {t(`methods.${method}.line`)}
        {METHODS[method].options.includes('removal') && ` · ${t('removal.by', { how: t(`removal.removals.${removal}`) })}`}
      </p>
      {sides.map((side) => (
        <MethodStatus key={side} method={method} side={side} isNamed={sides.length > 1} isZero={isZero} />
      ))}
    </div>
  )
})

interface MethodStatusProps {
  readonly method: AttributionMethodId
  readonly side: AttributionSide
  readonly isNamed: boolean
  readonly isZero: boolean
}

function MethodStatus({ method, side, isNamed, isZero }: MethodStatusProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const paneName = usePaneName()
  const attributing = useService(ATTRIBUTING)
  const state = useApp(attributionSlot(side, method).of)
  const text = useMethodStatus(method, state, isZero)
  const isRunning = state?.status === 'running'
  // A text that says nothing is no fault.
  const isFault = state?.error?.kind !== 'nothing-to-perturb'
  if (state?.error) return <p className={`method-status ${isFault ? 'note-error' : 'note'}`}>{errorText(state.error)}</p>
  return (
    <p className="method-status">
      <span role={isRunning || state?.status === 'stopped' ? 'status' : undefined}>
        {isNamed && `${paneName(side === 'a' ? 'a' : 'b')}: `}
        {text}
      </span>
      {(isRunning || state?.status === 'stopped') && (
        // One button for both, so that the focus stays where it is.
        <span className="method-buttons" data-not-exported>
          <Button
            look="quiet"
            icon={isRunning ? 'close' : 'retry'}
            onPress={() => (isRunning ? attributing.stop(side, method) : attributing.again(side, method))}
          >
            {t(isRunning ? 'asked.stop' : 'asked.again')}
          </Button>
        </span>
      )}
    </p>
  )
}
