// The thumbnails of all heads as they are coloured now, for the grid and for the ranked list beside the chart.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer, SideState } from '#state/app-state'
import { currentDifference } from '#state/layout/panes'
import { paneOf } from '#state/reference'
import { largestMagnitude } from '#tensor/vector'
import type { HeadGridData, HeadGridOptions } from '#views/heads/head-grid-data'
import { currentGradientAttention } from '../state/gradient-attention.ts'
import { type RankedHeads, rankHeads } from './rank-heads.ts'

/** One for all, so that it is the same. */
const NO_THUMBNAILS: SideState['thumbnails'] = []

export interface HeadPictures extends Pick<HeadGridOptions, 'kind'> {
  readonly max: number
  /** What is drawn, and its unit. */
  readonly title: string
  readonly unit: string
  readonly answer: SideAnswer
  /** Layer after layer. */
  readonly grid: HeadGridData
  readonly ranked: RankedHeads
  /** Of the ranked heads: attention × gradient where the grid shows a number a head. */
  readonly pictures: Pick<HeadGridData, 'thumbnails' | 'sizes'>
  /** A head's score in the order that they are ranked by. */
  readonly formatScore: (score: number) => string
}

/** null before the first answer. */
export function useHeadPictures(): HeadPictures | null {
  const { t } = useTranslation()
  const format = useFormat()
  const { weighting, gridOrder } = useSettings('weighting', 'gridOrder')
  const difference = useApp(currentDifference)
  const pane = useApp((state) => paneOf(state.settings, state.reference?.answer != null))
  const side = useApp((state) => (pane === 'b' && state.reference?.answer ? 'reference' : 'a'))
  const answer = useApp((state) => state[side]?.answer ?? null)
  const thumbnails = useApp((state) => state[side]?.thumbnails ?? NO_THUMBNAILS)
  const products = useApp(currentGradientAttention)
  const target = useTargetText()
  const gradient = weighting === 'attention' ? null : products
  const compared = gradient === null && (pane === 'difference' || pane === 'all') ? difference : null
  const sets = gradient?.thumbnails ?? compared?.thumbnails ?? thumbnails
  const importance = products?.importance ?? null

  const ranked = useMemo(
    () =>
      answer &&
      rankHeads(gridOrder, {
        ...sizesOf(answer),
        statistics: answer.statistics,
        thumbnails,
        changes: difference?.changes ?? null,
        importance,
      }),
    [answer, gridOrder, thumbnails, difference, importance],
  )
  const drawn = useMemo(() => {
    if (!answer) return null
    const { layers, heads } = answer
    const order = Array.from({ length: layers * heads }, (_, i) => ({ layer: Math.floor(i / heads), head: i % heads }))
    const pictures = { thumbnails: sets.map((set) => set?.data ?? null), sizes: sets.map((set) => set?.size ?? 0) }
    const tiles =
      gradient && weighting === 'importance'
        ? { thumbnails: importanceTiles(gradient.importance, heads), sizes: new Array<number>(layers).fill(1) }
        : pictures
    const grid: HeadGridData = { layers, heads, ...tiles, scores: null, order }
    return { grid, pictures }
  }, [answer, sets, gradient, weighting])

  if (!answer || !drawn || !ranked) return null
  const gradientUnit = t(`target.units.${target.gradientSpace}`)
  return {
    ...drawn,
    answer,
    ranked,
    kind: gradient || compared ? 'difference' : 'attention',
    max: gradient ? (weighting === 'importance' ? largestMagnitude(gradient.importance) : gradient.scale) || 1 : 1,
    title: gradient
      ? t(`attention.titles.${weighting === 'importance' ? 'importance' : 'gradient'}`, { target: target.text })
      : t(`attention.titles.${compared ? 'difference' : 'attention'}`),
    unit: gradient
      ? t(weighting === 'importance' ? 'attention.unitImportance' : 'attention.unitGradientAttention', { unit: gradientUnit })
      : t(compared ? 'attention.unitDifference' : 'attention.unit'),
    formatScore: ranked.by === 'importance' ? format.signed : ranked.by === 'focus' ? format.weight : format.percent,
  }
}

function sizesOf({ layers, heads }: SideAnswer): Pick<SideAnswer, 'layers' | 'heads'> {
  return { layers, heads }
}

/** Each head as one cell [heads, 1, 1] a layer: +-127 is the most important head. */
function importanceTiles(importance: Float32Array, heads: number): readonly Int8Array[] {
  const largest = largestMagnitude(importance) || 1
  const cells = Int8Array.from(importance, (value) => Math.round((value / largest) * 127))
  return Array.from({ length: cells.length / heads }, (_, layer) => cells.subarray(layer * heads, (layer + 1) * heads))
}
