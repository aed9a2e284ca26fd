import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#methods/attribution'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { TokenRow } from '#views/matrix/token-rows'

/** Methods as rows are labelled, in units of the target. */
export function useMethodNames(methods: readonly AttributionMethodId[]): readonly TokenRow[] {
  const { t } = useTranslation()
  const { space } = useTargetText()
  return useMemo(() => {
    const unit = t(`attribution.units.${space}`)
    return methods.map((method) => ({
      label: t(`attribution.methods.${method}.short`),
      name: t(`attribution.methods.${method}.name`),
      unit: t(`attribution.methods.${method}.unit`, { unit }),
    }))
  }, [methods, t, space])
}
