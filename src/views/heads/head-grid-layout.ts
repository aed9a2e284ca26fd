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
  /** CSS pixels that a matrix of layers and heads should stand in; null for as many as it takes. */
  readonly height: number | null
  readonly scored: boolean
}

/** How a matrix of layers and heads stands. */
interface MatrixForm {
  /** Layers across and heads down, instead of layers down and heads across. */
  readonly layersAcross: boolean
  /** Layers one under another before the next ones begin beside them; all of them where there is one fold. */
  readonly perFold: number
  readonly folds: number
}

export interface HeadGridLayout extends MatrixForm {
  /** Layers and heads along two axes with labels; else the cells carry their names. */
  readonly matrix: boolean
  readonly heads: number
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
/** Where all heads are to be seen at once, the keyboard and the list of heads hit what a finger misses. */
const smallestFitted = 14
const largestPitch = 84
const largestFitted = 48
const axisLeft = 26
const axisTop = 34
/** Space before the labels of the next fold. */
const foldGap = 6
const mostFolds = 4
/** Layers down and heads across is what readers know: another form must be larger by this factor. */
const worthTurning = 1.2

/** Places the cells of a head grid, in CSS pixels. */
export function headGridLayout(sizes: HeadGridSizes): HeadGridLayout {
  const matrix = isLayerMajor(sizes.order, sizes.layers, sizes.heads) && (sizes.columns === null || sizes.columns === sizes.heads)
  return matrix ? matrixOf(sizes) : flowOf(sizes)
}

function matrixOf({ layers, heads, width, height, scored }: HeadGridSizes): HeadGridLayout {
  const plain = { layersAcross: false, perFold: Math.max(1, layers), folds: 1 }
  const form = height === null ? plain : bestForm(layers, heads, width, height)
  const [columns, rows] = form.layersAcross ? [layers, heads] : [heads * form.folds, form.perFold]
  const labels = form.folds * axisLeft + (form.folds - 1) * foldGap
  const fitted = Math.floor(pitchOf(form, layers, heads, width, height))
  const [least, most] = height === null ? [smallestPitch, largestPitch] : [smallestFitted, largestFitted]
  const pitch = Math.max(least, Math.min(most, fitted))
  const gap = gapOf(pitch)
  const side = pitch - gap
  const numbers = scored && side >= 32
  const pitchY = side + (scored ? 5 : 0) + (numbers ? 14 : 0) + gap
  return {
    ...form,
    matrix: true,
    heads,
    columns,
    rows,
    side,
    pitchX: pitch,
    pitchY,
    left: axisLeft,
    top: axisTop,
    width: labels + columns * pitch,
    height: axisTop + rows * pitchY,
    captions: false,
    numbers,
  }
}

/** The form with the largest cells, layers down and heads across unless another one is clearly better. */
function bestForm(layers: number, heads: number, width: number, height: number): MatrixForm {
  const folded = Array.from({ length: mostFolds }, (_, at): MatrixForm => {
    const perFold = Math.max(1, Math.ceil(layers / (at + 1)))
    return { layersAcross: false, perFold, folds: Math.max(1, Math.ceil(layers / perFold)) }
  })
  const [plain = { layersAcross: false, perFold: layers, folds: 1 }, ...others] = folded
  const sizeOf = (form: MatrixForm): number => pitchOf(form, layers, heads, width, height)
  const best = [...others, { layersAcross: true, perFold: layers, folds: 1 }].reduce((one, other) =>
    sizeOf(other) > sizeOf(one) ? other : one,
  )
  return sizeOf(best) > worthTurning * Math.min(largestFitted, sizeOf(plain)) ? best : plain
}

/** Distance between cells that fits a form into a width and a height. */
function pitchOf(form: MatrixForm, layers: number, heads: number, width: number, height: number | null): number {
  const [columns, rows] = form.layersAcross ? [layers, heads] : [heads * form.folds, form.perFold]
  const across = (width - form.folds * axisLeft - (form.folds - 1) * foldGap) / Math.max(1, columns)
  return Math.max(1, Math.min(across, height === null ? Number.POSITIVE_INFINITY : (height - axisTop) / Math.max(1, rows)))
}

function gapOf(pitch: number): number {
  return pitch >= 56 ? 8 : pitch >= 36 ? 5 : pitch >= 20 ? 3 : 2
}

function flowOf({ heads, order, columns: wanted, width, scored }: HeadGridSizes): HeadGridLayout {
  const fitting = Math.max(1, Math.floor(width / 68))
  const columns = Math.max(1, wanted ?? Math.min(fitting, Math.max(1, order.length)))
  const pitchX = Math.max(smallestPitch, Math.min(largestPitch, Math.floor(Math.max(smallestPitch, width) / columns)))
  const gap = gapOf(pitchX)
  const side = pitchX - gap
  const rows = Math.ceil(order.length / columns)
  const pitchY = side + (scored ? 5 : 0) + 14 + gap
  return {
    layersAcross: false,
    perFold: 1,
    folds: 1,
    matrix: false,
    heads,
    columns,
    rows,
    side,
    pitchX,
    pitchY,
    left: 0,
    top: 0,
    width: columns * pitchX,
    height: rows * pitchY,
    captions: true,
    numbers: scored && side >= 56,
  }
}

/** Whether the order is layer after layer, head after head, and complete. */
export function isLayerMajor(order: readonly HeadRef[], layers: number, heads: number): boolean {
  return (
    order.length === layers * heads && order.every((ref, index) => ref.layer === Math.floor(index / heads) && ref.head === index % heads)
  )
}

export interface GridPlace {
  readonly row: number
  readonly column: number
  /** Upper left corner, CSS pixels. */
  readonly x: number
  readonly y: number
}

/** Where the cell of a place in the drawing order stands. */
export function placeOf(index: number, layout: HeadGridLayout): GridPlace {
  const { row, column } = rowAndColumn(index, layout)
  return {
    row,
    column,
    x: layout.left + column * layout.pitchX + foldOf(column, layout) * (axisLeft + foldGap),
    y: layout.top + row * layout.pitchY,
  }
}

function rowAndColumn(index: number, { matrix, heads, columns, layersAcross, perFold }: HeadGridLayout): Pick<GridPlace, 'row' | 'column'> {
  if (!matrix) return { row: Math.floor(index / columns), column: index % columns }
  const [layer, head] = [Math.floor(index / heads), index % heads]
  if (layersAcross) return { row: head, column: layer }
  return { row: layer % perFold, column: Math.floor(layer / perFold) * heads + head }
}

function foldOf(column: number, { matrix, layersAcross, heads }: HeadGridLayout): number {
  return matrix && !layersAcross ? Math.floor(column / heads) : 0
}

/** The place in the drawing order of the cell in a row and a column; null where none stands. */
export function indexAt(row: number, column: number, layout: HeadGridLayout, count: number): number | null {
  const { matrix, heads, columns, rows, layersAcross, perFold } = layout
  if (row < 0 || column < 0 || row >= rows || column >= columns) return null
  const index = !matrix
    ? row * columns + column
    : layersAcross
      ? column * heads + row
      : (Math.floor(column / heads) * perFold + row) * heads + (column % heads)
  return index < count ? index : null
}

/** The place in the drawing order under a point, or null beside the cells. */
export function cellUnder(x: number, y: number, layout: HeadGridLayout, count: number): number | null {
  const { matrix, heads, pitchX, pitchY, left, top, layersAcross } = layout
  const foldWidth = heads * pitchX + axisLeft + foldGap
  const fold = matrix && !layersAcross ? Math.max(0, Math.floor((x - left) / foldWidth)) : 0
  const inFold = Math.floor((x - left - fold * foldWidth) / pitchX)
  if (matrix && !layersAcross && inFold >= heads) return null
  return indexAt(Math.floor((y - top) / pitchY), inFold < 0 ? -1 : fold * heads + inFold, layout, count)
}

/** The place after an arrow key as the cells stand; the same where there is none, null for other keys. */
export function stepFrom(index: number, key: string, layout: HeadGridLayout, count: number): number | null {
  const { row, column } = placeOf(index, layout)
  const next = { ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column] }[
    key
  ]
  return next === undefined ? null : (indexAt(next[0] ?? -1, next[1] ?? -1, layout, count) ?? index)
}

/** The page's name of a head, counted from 1: "3.4" is layer 3, head 4. */
export function headName(ref: HeadRef): string {
  return `${ref.layer + 1}.${ref.head + 1}`
}
