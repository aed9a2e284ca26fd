// What is taken away of a text at once, and how.

import { useTranslation } from 'react-i18next'
import { REMOVALS, UNITS } from '#catalogue/attribution-options'
import { SelectBox } from '#ui/select-box'
import { useApp, useServices } from './app-context.tsx'
import { withOwn } from './with-own.ts'

export function RemovalField() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const chosen = useApp((state) => state.settings.removal)
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const offered = REMOVALS.filter((kind) => card?.removals.includes(kind) ?? kind === 'delete')
  return (
    <SelectBox
      label={t('removal.removal')}
      value={chosen ?? (offered.includes('mask') ? 'mask' : 'delete')}
      options={withOwn(offered, chosen ?? 'delete').map((value) => ({ value, text: t(`removal.removals.${value}`) }))}
      onChange={(removal) => actions.set({ removal })}
    />
  )
}

export function UnitField() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const unit = useApp((state) => state.settings.unit)
  return (
    <SelectBox
      label={t('removal.unit')}
      value={unit}
      options={UNITS.map((value) => ({ value, text: t(`removal.unitsTaken.${value}`) }))}
      onChange={(chosen) => actions.set({ unit: chosen })}
    />
  )
}
