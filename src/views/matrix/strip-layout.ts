// Places of one row of token cells and of the labels above them: rows of one width stand under each other.

import type { AxisToken } from '../kit/chart.ts'
import { cutLabel, labelWidth, showSpaces } from '../kit/labels.ts'
import { axisFont, type MatrixLayout } from './matrix-layout.ts'

/** Narrower cells are not told apart: what holds the chart scrolls. */
const finestCell = 14
const widestCell = 132
const longestLabel = 92
const slant = Math.SQRT1_2
/** Room beyond the last cell that a slanted label may take. */
const beyond = 24
/** Height of cells that are as wide as a number, and of narrower ones. */
const heights = { wide: 44, narrow: 32 }
const wideFrom = 40

/** Width of the cells of `count` tokens in `width` CSS pixels. */
export function stripCell(width: number, count: number): number {
  return Math.max(finestCell, Math.min(widestCell, width / Math.max(1, count)))
}

/** The layout of a matrix of one row without any label. */
export function stripLayout(width: number, count: number): MatrixLayout {
  const cellWidth = stripCell(width, count)
  const cellHeight = cellWidth >= wideFrom ? heights.wide : heights.narrow
  return {
    cellWidth,
    cellHeight,
    plotWidth: cellWidth * count,
    plotHeight: cellHeight,
    left: 0,
    top: 0,
    overhang: 0,
    slanted: false,
    rowLabels: [''],
    columnLabels: Array.from({ length: count }, () => ''),
    seam: cellWidth >= 26 ? 3 : 1,
  }
}

export interface StripAxis {
  readonly height: number
  readonly slanted: boolean
  readonly labels: readonly string[]
}

/** Upright where every label is narrower than its cell, else slanted. */
export function stripAxis(tokens: readonly AxisToken[], cellWidth: number): StripAxis {
  const whole = tokens.map(({ label }) => showSpaces(label))
  if (whole.every((label) => labelWidth(label, axisFont) <= cellWidth - 4)) return { height: 22, slanted: false, labels: whole }
  const labels = whole.map((label, at) => {
    const room = ((tokens.length - at - 0.5) * cellWidth + beyond) / slant
    return cutLabel(label, Math.min(longestLabel, room), axisFont)
  })
  const longest = Math.max(0, ...labels.map((label) => labelWidth(label, axisFont)))
  return { height: Math.ceil(longest * slant + axisFont), slanted: true, labels }
}

/** The largest size in which every text is narrower than its cell; null for none. */
export function fittingFont(texts: readonly string[], cellWidth: number): number | null {
  return [13, 11, 10].find((font) => texts.every((text) => labelWidth(text, font) <= cellWidth - 6)) ?? null
}
