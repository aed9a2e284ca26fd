import { useTranslation } from 'react-i18next'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { Button } from '#ui/button'

/** Opens the list of lessons beside the page, and closes what is open of them. */
export function LearnButton() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const isOpen = useApp(({ settings }) => settings.lesson !== 'none')
  return (
    <Button look="quiet" icon="lesson" onPress={() => actions.set({ lesson: isOpen ? 'none' : 'list' })}>
      <span>{t(isOpen ? 'app.closeLessons' : 'app.learn')}</span>
    </Button>
  )
}
