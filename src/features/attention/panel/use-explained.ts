// What the charts show and what they do not, in sentences for the reader who asks.

import { useTranslation } from 'react-i18next'
import { ATTENTION_CHARTS } from '#catalogue/charts'
import { useSettings } from '#panels/shared/app-context.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { Pane } from '#state/layout/panes'
import type { HeadPictures } from './use-head-pictures.ts'

export function useExplained(panes: readonly Pane[], isGradientAttention: boolean, pictures: HeadPictures | null): readonly string[] {
  const { t } = useTranslation()
  const { chart, sinks, specials, weighting } = useSettings('chart', 'sinks', 'specials', 'weighting')
  const target = useTargetText()
  const { cells } = ATTENTION_CHARTS[chart]
  const hasDifference = panes.some(({ side }) => side === 'difference')
  const hasSides = panes.some(({ side }) => side !== 'difference')

  /** What rows of a heatmap add up to, where that is simple. */
  const rowsSum = (): string => {
    if (panes[0]?.choice.reduce === 'max') return t('attention.sumMax')
    if (sinks === 'aside') return t('attention.sumAside')
    return t(specials === 'shown' ? 'attention.sumOne' : 'attention.specialsHidden')
  }

  return [
    isGradientAttention && weighting !== 'attention'
      ? t(`attention.gradientAttentionShows.${weighting}`, { target: target.text })
      : t('attention.gridShows'),
    isGradientAttention && cells ? t('attention.shows.gradientAttentionHeatmap') : t(`attention.shows.${chart}`),
    hasDifference && t('attention.shows.difference'),
    cells && hasDifference && t('attention.shows.gaps'),
    isGradientAttention && t('attention.shows.gradientAttention', { target: target.text }),
    cells && !isGradientAttention && hasSides && rowsSum(),
    sinks === 'aside' && t('attention.sinksExplained'),
    pictures && t(`attention.scores.${pictures.ranked.by}`),
    t(isGradientAttention ? 'attention.gradientAttentionNot' : 'attention.showsNot'),
    t('attention.gridNot'),
  ].filter((sentence) => typeof sentence === 'string')
}
