// Sizes of a token matrix: cells, and the strips of labels left of it and above it.

import type { AxisToken } from '../kit/chart.ts'
import { cutLabel, labelWidth, showSpaces } from '../kit/labels.ts'

export const axisFont = 12

export interface MatrixSizes {
  /** CSS pixels that the whole matrix may take. */
  readonly width: number
  /** `fit`: as large as the width allows. `readable`: never under 18 pixels a cell. */
  readonly zoom: 'fit' | 'readable'
  /** Further enlargement by the reader, >= 1. */
  readonly enlarged: number
  /** A fixed height of rows, for strips; square cells when null. */
  readonly rowHeight: number | null
  /** Screen pixels per CSS pixel: small cells are whole screen pixels. */
  readonly pixelRatio: number
}

export interface MatrixLayout {
  readonly cellWidth: number
  readonly cellHeight: number
  /** Cells together. */
  readonly plotWidth: number
  readonly plotHeight: number
  /** Strip of row labels, left. */
  readonly left: number
  /** Strip of column labels, above. */
  readonly top: number
  /** How far slanted column labels reach beyond the last column. */
  readonly overhang: number
  readonly slanted: boolean
  readonly rowLabels: readonly string[]
  readonly columnLabels: readonly string[]
  /** Space between cells, CSS pixels. */
  readonly seam: number
}

const readableCell = 18
const largestCell = 44
const slantFrom = 15
const slant = Math.SQRT1_2
const margin = 8

/** Lays a matrix out. Pure: equal arguments give an equal layout. */
export function matrixLayout(rows: readonly AxisToken[], columns: readonly AxisToken[], sizes: MatrixSizes): MatrixLayout {
  const narrow = sizes.width < 480
  const rowLabels = rows.map((token) => cutLabel(showSpaces(token.label), narrow ? 64 : 104, axisFont))
  const columnLabels = columns.map((token) => cutLabel(showSpaces(token.label), narrow ? 64 : 92, axisFont))
  const columnWidths = columnLabels.map((label) => labelWidth(label, axisFont))
  const left =
    Math.ceil(Math.max(sizes.rowHeight === null ? 52 : 22, ...rowLabels.map((label) => labelWidth(label, axisFont)))) + margin + 2
  const longest = Math.max(0, ...columnWidths)
  const room = sizes.width - left - 1
  const upright = cellSide(room, columns.length, sizes)
  const slanted = upright >= slantFrom
  const firstOverhang = slanted ? overhangOf(columnWidths, upright) : 0
  const cellWidth = cellSide(room - firstOverhang, columns.length, sizes)
  const cellHeight = sizes.rowHeight ?? cellWidth
  return {
    cellWidth,
    cellHeight,
    plotWidth: cellWidth * columns.length,
    plotHeight: cellHeight * rows.length,
    left,
    top: Math.ceil(slanted ? longest * slant + axisFont : longest) + margin,
    overhang: slanted ? Math.ceil(overhangOf(columnWidths, cellWidth)) : 0,
    slanted,
    rowLabels,
    columnLabels,
    seam: cellWidth >= 26 ? 2 : cellWidth >= 10 ? 1 : 0,
  }
}

function cellSide(room: number, count: number, sizes: MatrixSizes): number {
  const exact = Math.max(0.1, room / Math.max(1, count))
  const whole = Math.floor(exact * sizes.pixelRatio) / sizes.pixelRatio
  const fit = Math.min(largestCell, whole > 0 ? whole : exact)
  return (sizes.zoom === 'readable' ? Math.max(readableCell, fit) : fit) * sizes.enlarged
}

function overhangOf(widths: readonly number[], cell: number): number {
  const reach = widths.map((width, index) => (index + 0.5) * cell + (width + axisFont / 2) * slant + 4 - widths.length * cell)
  return Math.max(0, ...reach)
}
