// Which methods attribute the target, by what they look at: each with what it is, what it costs on this text, and its options.

import { useTranslation } from 'react-i18next'
import {
  ATTRIBUTION_METHODS,
  type AttributionMethodId,
  isOffered,
  METHOD_GROUPS,
  METHODS,
  type MethodFamily,
} from '#catalogue/attribution-methods'
import { costOf } from '#catalogue/method-costs'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { CheckField } from '#ui/check-field'
import { Icon } from '#ui/icon'
import { PopoverButton } from '#ui/popover-button'
import { MethodOptions } from './method-options.tsx'
import { textSize } from './text-size.ts'

export function MethodsPopover() {
  const { t } = useTranslation()
  const { methods } = useSettings('methods')
  return (
    <PopoverButton
      title={t('attribution.chooseMethods')}
      look="plain"
      text={
        <>
          {t('attribution.methods', { count: methods.length })}
          <Icon name="down" />
        </>
      }
    >
      <div className="method-choices">
        {METHOD_GROUPS.map(({ family, methods: members }) => (
          <MethodGroup key={family} family={family} members={members} />
        ))}
      </div>
    </PopoverButton>
  )
}

interface MethodGroupProps {
  readonly family: MethodFamily
  readonly members: readonly AttributionMethodId[]
}

function MethodGroup({ family, members }: MethodGroupProps) {
  const { t } = useTranslation()
  const { actions, store } = useServices()
  const { methods } = useSettings('methods')
  const costText = useCostText()
  const found = useApp(({ model }) => (model.status === 'ready' ? model.card.found : null))
  // A link may name a method that this model cannot be asked by: its row says so.
  const isShown = (method: AttributionMethodId): boolean => found === null || isOffered(method, found) || methods.includes(method)
  const toggle = (method: AttributionMethodId, on: boolean): void => {
    const before = store.getState().settings.methods
    actions.set({ methods: ATTRIBUTION_METHODS.filter((candidate) => (candidate === method ? on : before.includes(candidate))) })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is on screen
    <div role="group" aria-label={t(`attribution.families.${family}`)} className="method-group">
      <h3 className="popover-heading">{t(`attribution.families.${family}`)}</h3>
      <p className="note">{t(`attribution.assumes.${family}`)}</p>
      <MethodOptions methods={methods.filter((method) => members.includes(method))} />
      {members.filter(isShown).map((method) => (
        <div key={method} className="method-choice">
          <CheckField label={t(`methods.${method}.name`)} isSelected={methods.includes(method)} onChange={(on) => toggle(method, on)} />
          <span className="note method-cost">{costText(method)}</span>
          <p className="note">{t(`methods.${method}.line`)}</p>
        </div>
      ))}
    </div>
  )
}

/** Passes on the text on screen; nothing before there is one. */
function useCostText(): (method: AttributionMethodId) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const unit = useApp((state) => state.settings.unit)
  const answer = useApp((state) => state.a.answer)
  return (method) => {
    if (answer === null) return ''
    const { passes, isBound } = costOf(method, textSize(answer, unit))
    const counted = t(`attribution.passes.${METHODS[method].passes}`, { number: format.count(passes), count: passes })
    return isBound ? t('attribution.upTo', { passes: counted }) : counted
  }
}
