// What a token matrix is drawn from.

import type { AxisToken, Cell, ColourScale } from './chart.ts'
import type { Palette } from './colour.ts'
import type { MatrixLayout } from './matrix-layout.ts'
import type { Slot } from './slot.ts'

export interface MatrixView {
  readonly rows: readonly AxisToken[]
  readonly columns: readonly AxisToken[]
  /** [rows, columns]; NaN is a gap. */
  readonly values: Float32Array
  readonly scale: ColourScale
  readonly palette: Palette
  readonly layout: MatrixLayout
  readonly selected: Cell | null
  readonly hovered: Cell | null
  /** Token whose row (and, in a square matrix, column) is emphasised. */
  readonly emphasised: { readonly row: number | null; readonly column: number | null }
  /** Accessible name of the plot. */
  readonly label: string
  /** Titles of the axes, in the corner. */
  readonly corner: { readonly row: string; readonly column: string }
  /** Element that tells the exact value under the pointer. */
  readonly readout: Slot<HTMLParagraphElement>
  /** What scrolls when the keyboard walks out of sight. */
  readonly scroller: HTMLElement | null
  /** Headings may be pointed at and chosen. */
  readonly headings: boolean
  readonly onHover: (cell: Cell | null) => void
  readonly onSelect: (cell: Cell) => void
  readonly onSelectToken: (index: number, axis: 'row' | 'column') => void
  /** Draw the chart again: the position inside it changed. */
  readonly refresh: () => void
}
