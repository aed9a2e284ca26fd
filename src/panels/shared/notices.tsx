import { useTranslation } from 'react-i18next'
import type { Notice } from '#state/app-state'
import { Button } from '#ui/button'
import { useApp, useServices } from './app-context.tsx'
import './notices.css'

/** Short messages that a screen reader hears and that the reader can put away. */
export function Notices() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const notices = useApp((state) => state.notices)
  /** Why an edit was taken back; empty for other notices. */
  const why = ({ reason }: Notice['data']): string => t(`edit.refused.${reason}` as 'edit.refused.empty-word', { defaultValue: '' })
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map(({ id, kind, data }) => (
        <div key={id} className="notice">
          <span>{t(`notice.${kind}`, { name: '', why: why(data), ...data })}</span>
          <Button look="quiet" icon="close" label={t('app.dismiss')} onPress={() => actions.dismiss(id)} />
        </div>
      ))}
    </div>
  )
}
