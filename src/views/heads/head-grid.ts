// All heads of all layers at once: thumbnails on one canvas. Pointing and choosing move an overlay; the canvas is painted
// again only when thumbnails, scores, order or sizes change.

import type { Chart } from '../kit/chart.ts'
import { paletteOf, rampOf } from '../kit/colour.ts'
import { walkList } from '../kit/keyboard.ts'
import { paintLegend } from '../kit/legend.ts'
import { keepDrawn, redraw, widthOf } from '../kit/live.ts'
import { drawReadout } from '../kit/readout.ts'
import { chartRoot, footHeight, footWidth, idOf, type Slot, setAttribute, slot } from '../kit/slot.ts'
import { paintHeadGrid } from './head-grid-canvas.ts'
import type { HeadGridData, HeadGridOptions } from './head-grid-data.ts'
import { cellUnder, type HeadGridLayout, type HeadRef, headGridLayout, stepFrom } from './head-grid-layout.ts'
import { drawHeadMarks } from './head-grid-marks.ts'
import { thumbnailGamma } from './thumbnails.ts'

interface GridState {
  at: number | null
  cursor: number
  press: number
  pressed: boolean
  /** Whether the pointer put `at` there: only then does its leaving take it away. */
  pointer: boolean
}

const states = new WeakMap<Element, GridState>()
const longPress = 450

/** Draws layers x heads thumbnails. */
export const drawHeadGrid: Chart<HeadGridData, HeadGridOptions> = (element, data, options) => {
  const state = states.get(element) ?? { at: null, cursor: -1, press: 0, pressed: false, pointer: false }
  states.set(element, state)
  const root = chartRoot(element, 'head-grid')
  const palette = paletteOf(element)
  const layout = headGridLayout({
    layers: data.layers,
    heads: data.heads,
    order: data.order,
    columns: options.columns,
    width: widthOf(element),
    height: options.height == null ? null : options.height - (options.isBare ? 0 : footHeight(widthOf(element))),
    scored: data.scores !== null,
  })
  const stage = slot(slot(root, 'div', 'is-scroller'), 'div', 'is-stage')
    .style('width', `${layout.width}px`)
    .style('height', `${layout.height}px`)
  const canvas = slot(stage, 'canvas', 'is-thumbnails').attr('aria-hidden', 'true').node()
  if (canvas !== null)
    paintHeadGrid(canvas, data, layout, { kind: options.kind, palette, ramp: rampOf(palette, options.kind), format: options.format })

  const pointed = state.at ?? indexOf(data.order, options.hovered)
  const at = pointed !== null && pointed < data.order.length ? pointed : null
  drawHeadMarks(slot(stage, 'svg', 'is-overlay'), data, layout, options, at)
  drawOptions(stage, data, options, at)
  listen(stage, element, data, layout, options, state)

  keepDrawn(element, () => drawHeadGrid(element, data, options))
  if (options.isBare) return
  const foot = slot(root, 'div', 'is-foot').style('max-width', footWidth(layout.width))
  readOut(slot(foot, 'p', 'is-readout'), data, options, at)
  const legend = slot(foot, 'div', 'is-legend-place').node()
  if (legend !== null) {
    paintLegend(
      legend,
      { scale: { kind: options.kind, max: options.max ?? 1 }, heads: [] },
      { unit: options.words.unit ?? '', note: options.words.note ?? `γ ${thumbnailGamma}`, gamma: thumbnailGamma, format: plain },
      palette,
    )
  }
}

function plain(value: number): string {
  return String(Number(value.toPrecision(2))).replace('-', '−')
}

function indexOf(order: readonly HeadRef[], ref: HeadRef | null): number | null {
  if (ref === null) return null
  const index = order.findIndex((other) => other.layer === ref.layer && other.head === ref.head)
  return index < 0 ? null : index
}

function readOut(line: Slot<HTMLParagraphElement>, data: HeadGridData, options: HeadGridOptions, at: number | null): void {
  const only = options.selected.length === 1 ? (options.selected[0] ?? null) : null
  const ref = at === null ? only : (data.order[at] ?? null)
  if (ref === null) {
    drawReadout(line, [])
    return
  }
  const score = data.scores?.[ref.layer * data.heads + ref.head]
  drawReadout(line, [
    { kind: 'plain', text: options.describe(ref) },
    ...(score === undefined ? [] : [{ kind: 'value' as const, text: options.format(score) }]),
  ])
}

/** One unseen option a cell: what assistive technology walks over. */
function drawOptions(stage: Slot<HTMLDivElement>, data: HeadGridData, options: HeadGridOptions, at: number | null): void {
  const list = slot(stage, 'div', 'is-unseen').attr('role', 'presentation')
  const base = idOf(list)
  const selected = new Set(options.selected.map((ref) => ref.layer * data.heads + ref.head))
  list
    .selectAll<HTMLDivElement, HeadRef>('[role=option]')
    .data(data.order)
    .join((enter) => enter.append('div').attr('role', 'option'))
    .each(function (ref, index) {
      setAttribute(this, 'id', `${base}-${index}`)
      setAttribute(this, 'aria-selected', String(selected.has(ref.layer * data.heads + ref.head)))
      setAttribute(this, 'aria-label', options.describe(ref))
    })
  stage
    .attr('role', 'listbox')
    .attr('aria-multiselectable', 'true')
    .attr('aria-label', options.words.summary)
    .attr('tabindex', 0)
    .attr('aria-activedescendant', at === null ? null : `${base}-${at}`)
}

function listen(
  stage: Slot<HTMLDivElement>,
  element: HTMLElement,
  data: HeadGridData,
  layout: HeadGridLayout,
  options: HeadGridOptions,
  state: GridState,
): void {
  const count = data.order.length
  const point = (at: number | null, pointer = false): void => {
    state.pointer = pointer
    if (at === state.at) return
    state.at = at
    options.onHover(at === null ? null : (data.order[at] ?? null))
    redraw(element)
  }
  const choose = (at: number | null, additive: boolean): void => {
    const ref = at === null ? undefined : data.order[at]
    if (at === null || ref === undefined) return
    state.cursor = at
    options.onSelect(ref, additive)
  }
  const under = (event: MouseEvent): number | null => cellUnder(event.offsetX, event.offsetY, layout, count)
  const additive = (event: MouseEvent | KeyboardEvent): boolean => event.shiftKey || event.ctrlKey || event.metaKey
  const start = (): number => {
    const known = state.at ?? (state.cursor >= 0 ? state.cursor : indexOf(data.order, options.selected[0] ?? null))
    return Math.max(0, Math.min(count - 1, known ?? 0))
  }
  stage
    .on('pointermove', (event: PointerEvent) => point(under(event), true))
    .on('pointerdown', (event: PointerEvent) => {
      const at = under(event)
      point(at, true)
      window.clearTimeout(state.press)
      state.pressed = false
      if (event.pointerType === 'mouse') return
      state.press = window.setTimeout(() => {
        state.pressed = true
        choose(at, true)
      }, longPress)
    })
    .on('pointerup pointercancel', () => window.clearTimeout(state.press))
    .on('pointerleave', (event: PointerEvent) => {
      window.clearTimeout(state.press)
      if (event.pointerType === 'mouse' && state.pointer) point(null)
    })
    .on('contextmenu', (event: MouseEvent) => {
      if (state.pressed) event.preventDefault()
    })
    .on('click', (event: MouseEvent) => {
      if (!state.pressed) choose(under(event), additive(event))
      state.pressed = false
    })
    .on('focus', (event: FocusEvent) => {
      if (count > 0 && event.target instanceof Element && event.target.matches(':focus-visible')) point(start())
    })
    .on('blur', () => point(null))
    .on('keydown', (event: KeyboardEvent) => {
      if (count === 0) return
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault()
        choose(start(), additive(event))
        return
      }
      const next = stepFrom(start(), event.key, layout, count) ?? walkList(start(), event.key, count, layout.columns)
      if (next === null) return
      event.preventDefault()
      state.cursor = next
      point(next)
      stage
        .select<HTMLElement>('.is-unseen')
        .node()
        ?.ownerDocument.defaultView?.requestAnimationFrame(() => revealMark(stage))
    })
}

function revealMark(stage: Slot<HTMLDivElement>): void {
  stage.select<SVGRectElement>('.is-overlay .is-hovered').node()?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}
