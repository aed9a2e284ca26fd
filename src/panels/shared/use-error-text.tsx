import { useTranslation } from 'react-i18next'
import type { WireError } from '#protocol/messages'

/** The sentence for an error in the reader's language; an error without one shows its own message. */
export function useErrorText(): (error: WireError) => string {
  const { t } = useTranslation()
  return ({ kind, message, data }) => {
    // A refused edit says why: the reason has a sentence of its own.
    const key = kind === 'edit-refused' ? `edit.refused.${data.reason}` : `error.${kind}`
    return t(key as 'error.network', { message, ...data, defaultValue: t('error.unexpected', { message }) })
  }
}
