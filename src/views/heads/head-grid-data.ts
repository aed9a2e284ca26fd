// What the head grid draws, and how.

import type { ChartWords } from '../kit/chart.ts'
import type { HeadRef } from './head-grid-layout.ts'

export interface HeadGridData {
  readonly layers: number
  readonly heads: number
  /** Per layer [heads, size, size], null while loading. Uint8: 255 is attention 1. Int8: +-127 is a difference of +-1. */
  readonly thumbnails: readonly (Uint8Array | Int8Array | null)[]
  /** Side of each layer's thumbnails. */
  readonly sizes: readonly number[]
  /** [layers * heads], drawn under the thumbnails. */
  readonly scores: Float32Array | null
  /** Drawing order: layer after layer gives a matrix with axes, any other a flowing grid of named cells. */
  readonly order: readonly HeadRef[]
}

export interface HeadGridOptions {
  readonly kind: 'attention' | 'difference'
  /** What 255 or +-127 stands for; 1 where left out. */
  readonly max?: number
  readonly selected: readonly HeadRef[]
  readonly hovered: HeadRef | null
  /** Null: as many columns as fit. */
  readonly columns: number | null
  /** CSS pixels for the whole chart, in which a matrix turns or folds to fit; null, or left out, for as many as it takes. */
  readonly height?: number | null
  /** Without readout and legend, where they stand beside it. */
  readonly isBare?: boolean
  readonly words: ChartWords<'layer' | 'head' | 'summary'> & {
    /** What the colours show, for the legend. */
    readonly unit?: string
    /** That weak values are lifted, for the legend; the exponent itself when absent. */
    readonly note?: string
  }
  readonly format: (score: number) => string
  /** A cell in words, for its accessible name. */
  readonly describe: (ref: HeadRef) => string
  readonly onHover: (ref: HeadRef | null) => void
  /** `additive`: with shift, ctrl or meta, or by a long press. */
  readonly onSelect: (ref: HeadRef, additive: boolean) => void
}
