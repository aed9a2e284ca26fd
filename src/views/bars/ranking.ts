// A ranked list with bars: the heads that changed most. A listbox, so that a row can be chosen by pointer or keyboard.

import type { Chart, ChartWords } from '../kit/chart.ts'
import { paletteOf } from '../kit/colour.ts'
import { labelWidth } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import { hotOption, listOptions, type OptionList, optionId } from '../kit/option-list.ts'
import { chartRoot, slot } from '../kit/slot.ts'

export interface RankingRow {
  readonly key: string
  readonly label: string
  /** -1..1: the length of the bar is its magnitude, the colour its sign. */
  readonly value: number
  /** What happened, in words. */
  readonly detail: string
}

export interface RankingData {
  /** Best first. */
  readonly rows: readonly RankingRow[]
}

export interface RankingOptions {
  readonly selected: string | null
  readonly hovered: string | null
  /** Value of a full bar. */
  readonly max: number
  /** `attention`: one hue. `difference`: colour by sign. */
  readonly kind: 'attention' | 'difference'
  /** Names the list, says what the bars measure, and what stands in place of an empty list. */
  readonly words: ChartWords<'summary' | 'unit' | 'empty'>
  readonly format: (value: number) => string
  readonly onHover: (key: string | null) => void
  readonly onSelect: (key: string) => void
}

const font = 13.5
/** Of the width: longer labels are cut, and whole where the row is pointed at. */
const mostLabel = 0.34

/** Draws one row for each entry. */
export const drawRanking: Chart<RankingData, RankingOptions> = (element, data, options) => {
  const root = chartRoot(element, 'ranking')
  const palette = paletteOf(element)
  const walked: OptionList = { ...options, keys: data.rows.map(({ key }) => key) }
  const hot = hotOption(element, walked)
  slot(root, 'p', 'is-ranking-unit')
    .attr('hidden', data.rows.length > 0 ? null : '')
    .text(options.words.unit)
  slot(root, 'p', 'is-ranking-empty')
    .attr('hidden', data.rows.length > 0 ? '' : null)
    .text(options.words.empty)
  const longest = Math.max(0, ...data.rows.map(({ label }) => labelWidth(label, font)))
  const list = slot(root, 'div', 'is-ranking-list')
    .attr('hidden', data.rows.length > 0 ? null : '')
    .style('--is-rank-label', `${Math.ceil(Math.min(longest, widthOf(element) * mostLabel))}px`)
  const rows = list
    .selectAll<HTMLDivElement, RankingRow>('.is-rank')
    .data(data.rows)
    .join((enter) => {
      const row = enter.append('div').attr('class', 'is-rank').attr('role', 'option')
      row.append('span').attr('class', 'is-rank-label')
      row.append('span').attr('class', 'is-rank-track').append('span').attr('class', 'is-rank-bar')
      row.append('span').attr('class', 'is-rank-value')
      row.append('span').attr('class', 'is-rank-detail')
      return row
    })
    .attr('id', (_, index) => optionId(list, index))
    .attr('aria-selected', (row) => String(row.key === options.selected))
    .classed('is-chosen', (row) => row.key === options.selected)
    .classed('is-hot', (_, index) => index === hot)
  rows
    .select('.is-rank-label')
    .text((row) => row.label)
    .attr('title', (row) => row.label)
  rows.select('.is-rank-value').text((row) => options.format(row.value))
  rows
    .select('.is-rank-detail')
    .text((row) => row.detail)
    .attr('title', (row) => row.detail)
  rows
    .select<HTMLSpanElement>('.is-rank-bar')
    .style('width', (row) => `${Math.min(100, (Math.abs(row.value) / options.max) * 100)}%`)
    .style('background', (row) =>
      options.kind === 'attention' ? palette.accent : row.value < 0 ? palette.difference[0] : palette.difference[2],
    )
  listOptions(list, element, walked, options.words.summary)
  keepDrawn(element, () => drawRanking(element, data, options))
}
