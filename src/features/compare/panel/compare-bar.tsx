// What A is compared with, and which side the charts show.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { paneOf, referenceOf, referencesOf } from '#state/reference'
import { Segmented } from '#ui/segmented'
import { SelectBox } from '#ui/select-box'
import './compare.css'

const PANES = ['a', 'b', 'difference', 'all'] as const

export function CompareBar() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const settings = useApp((state) => state.settings)
  const history = useApp((state) => state.history)
  const paneName = usePaneName()
  const references = useMemo(() => referencesOf(settings, history), [settings, history])
  if (references.length === 0) return null
  const reference = referenceOf(settings, history)
  return (
    <div className="compare-bar">
      <SelectBox
        label={t('compare.label')}
        value={reference?.kind ?? 'none'}
        options={[
          ...references.map(({ kind }) => ({ value: kind, text: t(`compare.${kind}`) })),
          { value: 'none' as const, text: t('compare.none') },
        ]}
        onChange={(against) => actions.set({ against })}
      />
      {reference && (
        <Segmented
          label={t('compare.pane')}
          value={paneOf(settings, true)}
          options={PANES.filter((value) => value !== 'difference' || reference.kind !== 'model').map((value) => ({
            value,
            text: value === 'all' ? t('compare.paneAll') : value === 'difference' ? t('compare.paneDifference') : paneName(value),
          }))}
          onChange={(pane) => actions.set({ pane })}
        />
      )}
    </div>
  )
}
