// A cut with its limit, as the page names it.

import { useTranslation } from 'react-i18next'
import type { CutName } from '#methods/generation/sampling'
import { useSettings } from '#panels/shared/app-context.tsx'

const HUNDRED = 100

export function useCutText(): (name: CutName) => string {
  const { t } = useTranslation()
  const limits = useSettings('topK', 'topP', 'minP', 'typical')
  return (name) => `${t(`generate.cuts.${name}`)} ${name === 'topK' ? limits.topK : (limits[name] / HUNDRED).toFixed(2)}`
}
