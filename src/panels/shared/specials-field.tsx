import { useTranslation } from 'react-i18next'
import { CheckField } from '#ui/check-field'
import { useApp, useServices } from './app-context.tsx'

/** Whether the tokens of the model's own template are shown. */
export function SpecialsField() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const specials = useApp((state) => state.settings.specials)
  return (
    <CheckField
      label={t('input.specials')}
      isSelected={specials === 'shown'}
      onChange={(shown) => actions.set({ specials: shown ? 'shown' : 'hidden' })}
    />
  )
}
