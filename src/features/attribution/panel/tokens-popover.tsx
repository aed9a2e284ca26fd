// What counts as one: columns, and what is removed at once.

import { useTranslation } from 'react-i18next'
import { UNITS } from '#catalogue/attribution-options'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { SpecialsField } from '#panels/shared/specials-field.tsx'
import { Icon } from '#ui/icon'
import { PopoverButton } from '#ui/popover-button'
import { Segmented } from '#ui/segmented'

export function TokensPopover() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { unit } = useSettings('unit')
  return (
    <PopoverButton
      title={t('attribution.unit')}
      look="plain"
      text={
        <>
          {t(`attribution.units.${unit}`)}
          <Icon name="down" />
        </>
      }
    >
      <div className="popover-fields">
        <Segmented
          label={t('attribution.unit')}
          value={unit}
          options={UNITS.map((value) => ({ value, text: t(`attribution.units.${value}`) }))}
          onChange={(chosen) => actions.set({ unit: chosen })}
        />
        <p className="note popover-text">{t('attribution.unitMeans')}</p>
        <SpecialsField />
      </div>
    </PopoverButton>
  )
}
