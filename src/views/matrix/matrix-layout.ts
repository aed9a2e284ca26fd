// Sizes of a token matrix: cells, and the strips of labels left of it and above it.

import type { AxisToken } from '../kit/chart.ts'
import { cutLabel, labelWidth, showSpaces } from '../kit/labels.ts'

export const axisFont = 12

export interface MatrixSizes {
  /** CSS pixels that the whole matrix may take. */
  readonly width: number
  /** CSS pixels from the column labels to the last row; null for as many as it takes. Rows of a fixed height and `readable` cells heed it not. */
  readonly height?: number | null
  /** CSS pixels kept free right of the cells. */
  readonly beside?: number
  /** `fit`: as large as the width and the height allow. `readable`: never under 18 pixels a cell. */
  readonly zoom: 'fit' | 'readable'
  /** Further enlargement by the reader, >= 1. */
  readonly enlarged: number
  /** A fixed height of rows, for strips; square cells when null. */
  readonly rowHeight: number | null
  /** Screen pixels per CSS pixel: small cells are whole screen pixels. */
  readonly pixelRatio: number
}

/** How column labels stand: across where each fits its column, else slanted, and upright over narrow columns. */
export type LabelStand = 'flat' | 'slanted' | 'upright'

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
  /** Room right of the cells: for slanted column labels that reach beyond the last column, or what was to be kept free. */
  readonly overhang: number
  readonly labels: LabelStand
  readonly rowLabels: readonly string[]
  readonly columnLabels: readonly string[]
  /** Space between cells, CSS pixels. */
  readonly seam: number
}

const readableCell = 18
const largestCell = { square: 52, strip: 44 }
const slantFrom = 15
const slant = Math.SQRT1_2
const margin = 8
/** Space between flat labels. */
const labelGap = 8

/** Lays a matrix out. Pure: equal arguments give an equal layout. */
export function matrixLayout(rows: readonly AxisToken[], columns: readonly AxisToken[], sizes: MatrixSizes): MatrixLayout {
  const narrow = sizes.width < 480
  const rowLabels = rows.map((token) => cutLabel(showSpaces(token.label), narrow ? 64 : 104, axisFont))
  const columnLabels = columns.map((token) => cutLabel(showSpaces(token.label), narrow ? 64 : 92, axisFont))
  const columnWidths = columnLabels.map((label) => labelWidth(label, axisFont))
  const left =
    Math.ceil(Math.max(sizes.rowHeight === null ? 52 : 22, ...rowLabels.map((label) => labelWidth(label, axisFont)))) + margin + 2
  const longest = Math.max(0, ...columnWidths)
  const beside = sizes.beside ?? 0
  const room = sizes.width - left - 1
  const tops = {
    flat: axisFont + 2 * margin,
    slanted: Math.ceil(longest * slant + axisFont) + margin,
    upright: Math.ceil(longest) + margin,
  }
  const cellOf = (labels: LabelStand, overhang: number): number =>
    cellSide(Math.min((room - Math.max(beside, overhang)) / Math.max(1, columns.length), tallest(rows.length, tops[labels], sizes)), sizes)
  const flat = cellOf('flat', 0)
  const across = cellOf('slanted', 0)
  const labels: LabelStand = sizes.rowHeight === null && longest + labelGap <= flat ? 'flat' : across >= slantFrom ? 'slanted' : 'upright'
  const cellWidth = labels === 'flat' ? flat : cellOf(labels, labels === 'slanted' ? overhangOf(columnWidths, across) : 0)
  const cellHeight = sizes.rowHeight ?? cellWidth
  return {
    cellWidth,
    cellHeight,
    plotWidth: cellWidth * columns.length,
    plotHeight: cellHeight * rows.length,
    left,
    top: tops[labels],
    overhang: Math.max(beside, labels === 'slanted' ? Math.ceil(overhangOf(columnWidths, cellWidth)) : 0),
    labels,
    rowLabels,
    columnLabels,
    seam: cellWidth >= 26 ? 2 : cellWidth >= 10 ? 1 : 0,
  }
}

/** The height of a row that lets all rows stand under column labels of a height. */
function tallest(rows: number, top: number, { height = null, rowHeight, zoom }: MatrixSizes): number {
  return height === null || rowHeight !== null || zoom === 'readable' ? Number.POSITIVE_INFINITY : (height - top) / Math.max(1, rows)
}

function cellSide(room: number, sizes: MatrixSizes): number {
  const exact = Math.max(0.1, room)
  const whole = Math.floor(exact * sizes.pixelRatio) / sizes.pixelRatio
  const fit = Math.min(sizes.rowHeight === null ? largestCell.square : largestCell.strip, whole > 0 ? whole : exact)
  return (sizes.zoom === 'readable' ? Math.max(readableCell, fit) : fit) * sizes.enlarged
}

function overhangOf(widths: readonly number[], cell: number): number {
  const reach = widths.map((width, index) => (index + 0.5) * cell + (width + axisFont / 2) * slant + 4 - widths.length * cell)
  return Math.max(0, ...reach)
}
