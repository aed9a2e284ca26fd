// The columns that attributions are drawn in: tokens of a frame, or words, whose pieces are summed.

import type { TokenRef } from '#share/settings'
import type { Frame } from '#state/frame'
import type { Token } from '#text/token'
import type { AxisToken } from '#views/chart'

/** One place on the axis: the tokens of each side that stand there. */
export interface Column {
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly axis: AxisToken
}

/** Words are those of the frame's side; in a difference A's, and the reference's where A has none. */
export function columnsOf(frame: Frame, a: readonly Token[], b: readonly Token[], byWord: boolean): readonly Column[] {
  const groups: { readonly word: string | null; readonly slots: Frame['slots'][number][] }[] = []
  for (const slot of frame.slots) {
    const [tokenA, tokenB] = [a[slot.a], b[slot.b]]
    const first = frame.side === 'b' ? (tokenB ?? tokenA) : (tokenA ?? tokenB)
    const side = first === tokenA ? 'a' : 'b'
    const word = byWord && first !== undefined && first.word >= 0 ? `${side}${first.word}` : null
    const before = groups.at(-1)
    if (before !== undefined && word !== null && before.word === word) before.slots.push(slot)
    else groups.push({ word, slots: [slot] })
  }
  return groups.map(({ slots }) => ({
    a: slots.flatMap((slot) => (slot.a < 0 ? [] : [slot.a])),
    b: slots.flatMap((slot) => (slot.b < 0 ? [] : [slot.b])),
    axis: {
      label: slots.map(({ label }) => label).join(''),
      special: slots.every(({ special }) => special),
      changed: slots.some(({ changed }) => changed),
      gap: slots.every(({ gap }) => gap),
    },
  }))
}

/** The column that holds a token; -1 for none. */
export function columnAt(columns: readonly Column[], token: TokenRef | null): number {
  return token === null ? -1 : columns.findIndex((column) => column[token.side].includes(token.index))
}

/** [T, of each side] summed in the columns; NaN where the side has no token, and in a difference where either has none. */
export function inColumns(
  columns: readonly Column[],
  side: Frame['side'],
  a: ArrayLike<number> | null,
  b: ArrayLike<number> | null,
): Float32Array {
  const sum = (values: ArrayLike<number> | null, tokens: readonly number[]): number =>
    tokens.length === 0 ? Number.NaN : tokens.reduce((total, index) => total + (values?.[index] ?? Number.NaN), 0)
  return Float32Array.from(columns, (column) => {
    if (side === 'a') return sum(a, column.a)
    if (side === 'b') return sum(b, column.b)
    return sum(a, column.a) - sum(b, column.b)
  })
}
