// What A is compared with, and which side the charts show.

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
  const kinds = useApp(({ settings, history }) => referencesOf(settings, history).map(({ kind }) => kind), sameList)
  const kind = useApp(({ settings, history }) => referenceOf(settings, history)?.kind ?? null)
  const pane = useApp(({ settings }) => paneOf(settings, true))
  const paneName = usePaneName()
  if (kinds.length === 0) return null
  return (
    <div className="compare-bar">
      <SelectBox
        label={t('compare.label')}
        value={kind ?? 'none'}
        options={[...kinds.map((value) => ({ value, text: t(`compare.${value}`) })), { value: 'none' as const, text: t('compare.none') }]}
        onChange={(against) => actions.set({ against })}
      />
      {kind !== null && (
        <Segmented
          label={t('compare.pane')}
          value={pane}
          options={PANES.filter((value) => value !== 'difference' || kind !== 'model').map((value) => ({
            value,
            text: value === 'all' ? t('compare.paneAll') : value === 'difference' ? t('compare.paneDifference') : paneName(value),
          }))}
          onChange={(pane) => actions.set({ pane })}
        />
      )}
    </div>
  )
}

function sameList<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at])
}
