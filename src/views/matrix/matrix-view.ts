// What a token matrix is drawn from.

import type { AxisToken, Cell, ColourScale } from '../kit/chart.ts'
import type { Palette } from '../kit/colour.ts'
import type { Slot } from '../kit/slot.ts'
import type { MatrixLayout } from './matrix-layout.ts'

/** Columns of one row that have one value together, from the first to the last. */
export interface Span {
  readonly first: number
  readonly last: number
  /** Of all of them. */
  readonly label: string
}

export interface Aside {
  /** [rows], -1..1; NaN where a row has no such value. */
  readonly values: Float32Array
  /** Heading over the bars. */
  readonly label: string
}

export interface MatrixView {
  readonly rows: readonly AxisToken[]
  readonly columns: readonly AxisToken[]
  /** Of each row; left out where every cell is a column wide. */
  readonly spans?: readonly (readonly Span[])[]
  /** [rows, columns]; NaN is a gap. */
  readonly values: Float32Array
  /** What each row sends to tokens that are set aside, as bars beside the rows; left out for none. */
  readonly aside?: Aside | null
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

/** The columns that a cell covers. */
export function spanAt({ spans }: Pick<MatrixView, 'spans'>, { row, column }: Cell): Pick<Span, 'first' | 'last'> {
  return spanIn(spans?.[row], column) ?? { first: column, last: column }
}

/** The span of a row that holds a column; undefined for none. */
export function spanIn(spans: readonly Span[] | undefined, column: number): Span | undefined {
  return spans?.find(({ first, last }) => first <= column && column <= last)
}

/** Equal for the same spans; empty for none. */
export function spansKey({ spans }: Pick<MatrixView, 'spans'>): readonly string[] {
  return spans === undefined ? [] : [JSON.stringify(spans)]
}
