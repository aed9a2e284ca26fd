// A ranked list with bars: the heads that changed most. A listbox, so that a row can be chosen by pointer or keyboard.

import type { Chart, ChartWords } from './chart.ts'
import { paletteOf } from './colour.ts'
import { walkList } from './keyboard.ts'
import { keepDrawn, redraw } from './live.ts'
import { chartRoot, idOf, type Slot, slot } from './slot.ts'

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

const pointed = new WeakMap<Element, string>()
const cursors = new WeakMap<Element, string>()

/** Draws one row for each entry. */
export const drawRanking: Chart<RankingData, RankingOptions> = (element, data, options) => {
  const root = chartRoot(element, 'ranking')
  const palette = paletteOf(element)
  const at = pointed.get(element) ?? options.hovered
  const hot = data.rows.findIndex((row) => row.key === at)
  slot(root, 'p', 'is-ranking-unit')
    .attr('hidden', data.rows.length > 0 ? null : '')
    .text(options.words.unit)
  slot(root, 'p', 'is-ranking-empty')
    .attr('hidden', data.rows.length > 0 ? '' : null)
    .text(options.words.empty)
  const list = slot(root, 'div', 'is-ranking-list')
  const base = idOf(list)
  list
    .attr('hidden', data.rows.length > 0 ? null : '')
    .attr('role', 'listbox')
    .attr('aria-label', options.words.summary)
    .attr('tabindex', 0)
    .attr('aria-activedescendant', hot < 0 ? null : `${base}-${hot}`)
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
    .attr('id', (_, index) => `${base}-${index}`)
    .attr('aria-selected', (row) => String(row.key === options.selected))
    .classed('is-chosen', (row) => row.key === options.selected)
    .classed('is-hot', (_, index) => index === hot)
  rows.select('.is-rank-label').text((row) => row.label)
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
  listen(list, element, data, options, hot)
  keepDrawn(element, () => drawRanking(element, data, options))
}

function listen(list: Slot<HTMLDivElement>, element: HTMLElement, data: RankingData, options: RankingOptions, hot: number): void {
  const point = (key: string | null): void => {
    if ((pointed.get(element) ?? null) === key) return
    if (key === null) pointed.delete(element)
    else pointed.set(element, key)
    options.onHover(key)
    redraw(element)
  }
  const choose = (key: string | undefined): void => {
    if (key === undefined) return
    cursors.set(element, key)
    options.onSelect(key)
  }
  const start = (): number => {
    const known = [cursors.get(element), options.selected].map((key) => data.rows.findIndex((row) => row.key === key))
    return hot >= 0 ? hot : Math.max(0, known.find((index) => index >= 0) ?? 0)
  }
  list
    .on('pointerleave blur', () => point(null))
    .on('focus', (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) point(data.rows[start()]?.key ?? null)
    })
    .on('keydown', (event: KeyboardEvent) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault()
        choose(data.rows[start()]?.key)
        return
      }
      const next = walkList(start(), event.key, data.rows.length, 1)
      const row = next === null ? undefined : data.rows[next]
      if (next === null || row === undefined) return
      event.preventDefault()
      cursors.set(element, row.key)
      point(row.key)
      list.selectAll<HTMLDivElement, RankingRow>('.is-rank').nodes()[next]?.scrollIntoView({ block: 'nearest' })
    })
    .selectAll<HTMLDivElement, RankingRow>('.is-rank')
    .on('pointermove', (_: PointerEvent, row) => point(row.key))
    .on('click', (_: MouseEvent, row) => choose(row.key))
}
