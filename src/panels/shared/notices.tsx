// Messages of the page. What only confirms goes by itself and stands in the history bar's free end; what went wrong stays until it is put
// away, in a row of its own under the top bar: neither covers anything.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Notice, NoticeKind } from '#state/app-state'
import { Button } from '#ui/button'
import { useApp, useServices } from './app-context.tsx'
import './notices.css'

/** They only confirm what the reader did. */
const PASSING: ReadonlySet<NoticeKind> = new Set(['link-copied', 'exported'])
/** Long enough to be read, and heard. */
const PASSING_MS = 5000

export function Notices() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const notices = useApp((state) => state.notices)
  const isPassing = ({ kind }: Notice): boolean => PASSING.has(kind)
  /** Why an edit was taken back; empty for other notices. */
  const why = ({ reason }: Notice['data']): string => t(`edit.refused.${reason}` as 'edit.refused.empty-word', { defaultValue: '' })
  const textOf = ({ kind, data }: Notice): string => t(`notice.${kind}`, { name: '', why: why(data), ...data })
  return (
    <>
      <div className="notices" role="status" aria-live="polite">
        {notices
          .filter((notice) => !isPassing(notice))
          .map((notice) => (
            <div key={notice.id} className="notice">
              <span>{textOf(notice)}</span>
              <Button look="quiet" icon="close" label={t('app.dismiss')} onPress={() => actions.dismiss(notice.id)} />
            </div>
          ))}
      </div>
      <div className="passing-notices" role="status" aria-live="polite">
        {notices.filter(isPassing).map((notice) => (
          <PassingNotice key={notice.id} id={notice.id} text={textOf(notice)} />
        ))}
      </div>
    </>
  )
}

/** Waits while the pointer is on it. */
function PassingNotice({ id, text }: { readonly id: number; readonly text: string }) {
  const { actions } = useServices()
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => actions.dismiss(id), PASSING_MS)
    return () => clearTimeout(timer)
  }, [isHeld, id, actions])
  return (
    <p className="passing-notice" onPointerEnter={() => setIsHeld(true)} onPointerLeave={() => setIsHeld(false)}>
      {text}
    </p>
  )
}
