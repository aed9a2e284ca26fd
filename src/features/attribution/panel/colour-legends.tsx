// What the colours of the rows mean: one scale for values with a sign, one for amounts.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { drawLegend, type LegendData } from '#views/kit/legend'
import { largestOfAll, type PaneRows } from './rows.ts'

export interface ColourLegendsProps {
  readonly shown: PaneRows
  /** The panes on screen: one scale joins them. */
  readonly all: readonly PaneRows[]
}

export function ColourLegends({ shown, all }: ColourLegendsProps) {
  const methods = shown.rows.methods
  return (
    <span className="colour-legends">
      {methods.some(({ isSigned }) => !isSigned) && <ColourLegend isSigned={false} largest={largestOfAll(all, false)} />}
      {methods.some(({ isSigned }) => isSigned) && <ColourLegend isSigned={true} largest={largestOfAll(all, true)} />}
    </span>
  )
}

function ColourLegend({ isSigned, largest }: { readonly isSigned: boolean; readonly largest: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { space } = useTargetText()
  const isOneScale = useApp((state) => state.settings.rowScale === 'same')
  const max = (isOneScale ? largest : 1) || 1
  const data = useMemo((): LegendData => ({ scale: { kind: isSigned ? 'difference' : 'attention', max }, heads: [] }), [isSigned, max])
  const ends = (value: number): string => {
    if (isOneScale) return isSigned ? format.signed(value) : format.weight(value)
    if (!isSigned) return value === 0 ? '0' : t('attribution.most')
    return t(value < 0 ? 'attribution.against' : 'attribution.for')
  }
  const scale = isOneScale ? t(`target.units.${space}`) : t('attribution.perRow')
  const unit = isSigned ? scale : t('attribution.amounts', { scale: isOneScale ? '' : scale })
  return <ChartHost draw={drawLegend} data={data} options={{ unit, note: '', gamma: 1, format: ends }} />
}
