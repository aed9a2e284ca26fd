// Places of one row of token cells and of the labels above them: rows of one width stand under each other.

import type { AxisToken } from '../kit/chart.ts'
import { cutLabel, labelWidth, showSpaces } from '../kit/labels.ts'
import { axisFont, type MatrixLayout } from './matrix-layout.ts'

const widestCell = 132
const longestLabel = 92
const slant = Math.SQRT1_2
/** Room beyond the last cell that a slanted label may take. */
const beyond = 6
/** Upright labels get smaller before they are slanted. */
const axisFonts = [axisFont, 11, 10, 9]
/** Height of cells that are as wide as a number, and of narrower ones. */
const heights = { wide: 44, narrow: 32 }
const wideFrom = 40

/** Width of the cells of `count` tokens in `width` CSS pixels: what holds the chart sees that they can be told apart. */
export function stripCell(width: number, count: number): number {
  return Math.min(widestCell, width / Math.max(1, count))
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
    labels: 'upright',
    rowLabels: [''],
    columnLabels: Array.from({ length: count }, () => ''),
    seam: cellWidth >= 26 ? 3 : 1,
  }
}

export interface StripAxis {
  readonly height: number
  readonly font: number
  readonly slanted: boolean
  readonly labels: readonly string[]
}

/** Upright where every label is narrower than its cell, else slanted. */
export function stripAxis(tokens: readonly AxisToken[], cellWidth: number): StripAxis {
  const whole = tokens.map(({ label }) => showSpaces(label))
  const font = axisFonts.find((size) => whole.every((label) => labelWidth(label, size) <= cellWidth - 2))
  if (font !== undefined) return { height: 22, font, slanted: false, labels: whole }
  const labels = whole.map((label, at) => {
    const room = ((tokens.length - at - 0.5) * cellWidth + beyond) / slant
    return cutLabel(label, Math.min(longestLabel, room), axisFont)
  })
  const longest = Math.max(0, ...labels.map((label) => labelWidth(label, axisFont)))
  return { height: Math.ceil(longest * slant + axisFont), font: axisFont, slanted: true, labels }
}

/** The largest size in which every text is narrower than its cell; null for none. */
export function fittingFont(texts: readonly string[], cellWidth: number): number | null {
  return [13, 11, 10].find((font) => texts.every((text) => labelWidth(text, font) <= cellWidth - 6)) ?? null
}
