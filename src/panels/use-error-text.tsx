import { useTranslation } from 'react-i18next'
import type { WireError } from '#protocol/messages'

/** The sentence for an error in the reader's language; an error without one shows its own message. */
export function useErrorText(): (error: WireError) => string {
  const { t } = useTranslation()
  return ({ kind, message, data }) => t(`error.${kind}` as 'error.network', { ...data, defaultValue: t('error.unexpected', { message }) })
}
