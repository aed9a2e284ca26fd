// A table that is walked by arrow keys: its cells say where they stand, as `data-cell="row.column"`.

import { type Extent, type Position, walkMatrix } from './keyboard.ts'

/** Where the cell stands that an event came from; null for none. */
export function cellAt(target: EventTarget): Position | null {
  const name = target instanceof Element ? target.closest('[data-cell]')?.getAttribute('data-cell') : null
  const [row, column] = (name ?? '').split('.').map(Number)
  return name == null || row === undefined || column === undefined ? null : { row, column }
}

export function cellIn(table: Element | null, { row, column }: Position): HTMLElement | null {
  const cell = table?.querySelector(`[data-cell="${row}.${column}"]`)
  return cell instanceof HTMLElement ? cell : null
}

/** Moves the focus to the cell that a key leads to; other keys are left alone. */
export function walkCells(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'preventDefault'>,
  table: Element | null,
  from: Position,
  extent: Omit<Extent, 'headings'>,
): void {
  const next = walkMatrix(from, event.key, event.ctrlKey, { ...extent, headings: false })
  if (next === null) return
  event.preventDefault()
  cellIn(table, next)?.focus()
}
