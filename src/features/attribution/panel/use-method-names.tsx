import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { TokenRow } from '#views/matrix/token-rows'

/** Methods as rows are labelled, in units of the target. */
export function useMethodNames(methods: readonly AttributionMethodId[]): readonly TokenRow[] {
  const { t } = useTranslation()
  const { space } = useTargetText()
  return useMemo(() => {
    const unit = t(`target.units.${space}`)
    return methods.map((method) => ({
      label: t(`methods.${method}.short`),
      name: t(`methods.${method}.name`),
      unit: t(`methods.${method}.unit`, { unit }),
    }))
  }, [methods, t, space])
}
