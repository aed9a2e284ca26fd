// Keyboard walks over a matrix, a flowing grid and a list: from a position and a key to the next position.

/** Where the keyboard stands; -1 is the heading of a row or column. */
export interface Position {
  readonly row: number
  readonly column: number
}

export interface Extent {
  readonly rows: number
  readonly columns: number
  /** Whether the walk may step onto the headings at -1. */
  readonly headings: boolean
}

const page = 10

/** The position after `key`, or null when the key does not move. Home and End run along the row, with ctrl over the matrix. */
export function walkMatrix(at: Position, key: string, ctrl: boolean, extent: Extent): Position | null {
  const first = extent.headings ? -1 : 0
  const move = (row: number, column: number): Position => {
    const next = {
      row: Math.max(first, Math.min(extent.rows - 1, row)),
      column: Math.max(first, Math.min(extent.columns - 1, column)),
    }
    return next.row === -1 && next.column === -1 ? at : next
  }
  switch (key) {
    case 'ArrowLeft':
      return move(at.row, at.column - 1)
    case 'ArrowRight':
      return move(at.row, at.column + 1)
    case 'ArrowUp':
      return move(at.row - 1, at.column)
    case 'ArrowDown':
      return move(at.row + 1, at.column)
    case 'PageUp':
      return move(Math.max(0, at.row - page), at.column)
    case 'PageDown':
      return move(at.row + page, at.column)
    case 'Home':
      return move(ctrl ? 0 : at.row, 0)
    case 'End':
      return move(ctrl ? extent.rows - 1 : at.row, extent.columns - 1)
    default:
      return null
  }
}

/** The index after `key` in a list drawn `columns` to a row, or null when the key does not move. */
export function walkList(at: number, key: string, count: number, columns: number): number | null {
  const move = (next: number): number => Math.max(0, Math.min(count - 1, next))
  switch (key) {
    case 'ArrowLeft':
      return move(at - 1)
    case 'ArrowRight':
      return move(at + 1)
    case 'ArrowUp':
      return at - columns < 0 ? at : at - columns
    case 'ArrowDown':
      return at + columns >= count ? at : at + columns
    case 'PageUp':
      return move(at - page * columns)
    case 'PageDown':
      return move(at + page * columns)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
