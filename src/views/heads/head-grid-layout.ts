// Where the thumbnails of the head grid stand.

export interface HeadRef {
  /** From 0. */
  readonly layer: number
  /** From 0. */
  readonly head: number
}

export interface HeadGridSizes {
  readonly layers: number
  readonly heads: number
  readonly order: readonly HeadRef[]
  /** Columns asked for, null for what fits. */
  readonly columns: number | null
  /** CSS pixels. */
  readonly width: number
  readonly scored: boolean
}

export interface HeadGridLayout {
  /** Layers down and heads across, with labels on both axes; else the cells carry their names. */
  readonly matrix: boolean
  readonly columns: number
  readonly rows: number
  /** Side of a thumbnail. */
  readonly side: number
  readonly pitchX: number
  readonly pitchY: number
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Whether names and scores fit under a thumbnail. */
  readonly captions: boolean
  readonly numbers: boolean
}

/** Smallest target that a finger hits. */
const smallestPitch = 24
const largestPitch = 84
const axisLeft = 26
const axisTop = 40

/** Places the cells of a head grid, in CSS pixels. */
export function headGridLayout(sizes: HeadGridSizes): HeadGridLayout {
  const matrix = isLayerMajor(sizes.order, sizes.layers, sizes.heads) && (sizes.columns === null || sizes.columns === sizes.heads)
  const left = matrix ? axisLeft : 0
  const top = matrix ? axisTop : 0
  const room = Math.max(smallestPitch, sizes.width - left)
  const fitting = Math.max(1, Math.floor(room / 68))
  const columns = Math.max(1, matrix ? sizes.heads : (sizes.columns ?? Math.min(fitting, Math.max(1, sizes.order.length))))
  const pitchX = Math.max(smallestPitch, Math.min(largestPitch, Math.floor(room / columns)))
  const gap = pitchX >= 56 ? 8 : pitchX >= 36 ? 5 : 3
  const side = pitchX - gap
  const captions = !matrix
  const numbers = sizes.scored && side >= (captions ? 56 : 32)
  const under = (sizes.scored ? 5 : 0) + (captions || numbers ? 14 : 0)
  const rows = matrix ? sizes.layers : Math.ceil(sizes.order.length / columns)
  const pitchY = side + under + gap
  return {
    matrix,
    columns,
    rows,
    side,
    pitchX,
    pitchY,
    left,
    top,
    width: left + columns * pitchX,
    height: top + rows * pitchY,
    captions,
    numbers,
  }
}

/** Whether the order is layer after layer, head after head, and complete. */
export function isLayerMajor(order: readonly HeadRef[], layers: number, heads: number): boolean {
  return (
    order.length === layers * heads && order.every((ref, index) => ref.layer === Math.floor(index / heads) && ref.head === index % heads)
  )
}

/** The place in the drawing order under a point, or null beside the cells. */
export function cellUnder(x: number, y: number, layout: HeadGridLayout, count: number): number | null {
  const column = Math.floor((x - layout.left) / layout.pitchX)
  const row = Math.floor((y - layout.top) / layout.pitchY)
  if (column < 0 || row < 0 || column >= layout.columns) return null
  const index = row * layout.columns + column
  return index < count ? index : null
}

/** The page's name of a head, counted from 1: "3.4" is layer 3, head 4. */
export function headName(ref: HeadRef): string {
  return `${ref.layer + 1}.${ref.head + 1}`
}
