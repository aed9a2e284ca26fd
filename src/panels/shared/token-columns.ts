// The columns that attributions are drawn in: tokens of a frame, or words, whose pieces are summed, or what was taken away together.

import type { TokenRef } from '#share/settings'
import type { Frame } from '#state/layout/frame'
import type { Token } from '#text/token'
import type { AxisToken } from '#views/kit/chart'
import { isApart } from './unit-text.ts'

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

/** Something of both sides. */
export interface OfSides<Kind> {
  readonly a: Kind
  readonly b: Kind
}

type Units = readonly (readonly number[])[] | null

export interface UnitColumns {
  readonly columns: readonly Column[]
  /** Of each token's column, the one that it went into. */
  readonly places: readonly number[]
}

/** The columns of each unit as one, with those between them: in a difference units of both sides. */
export function inUnits(
  columns: readonly Column[],
  side: Frame['side'],
  tokens: OfSides<readonly Token[]>,
  units: OfSides<Units>,
): UnitColumns {
  const joined = new Set([
    ...(side === 'b'
      ? []
      : insideUnits(
          columns.map(({ a }) => a),
          units.a,
        )),
    ...(side === 'a'
      ? []
      : insideUnits(
          columns.map(({ b }) => b),
          units.b,
        )),
  ])
  const groups: Column[][] = []
  const places = columns.map((column, at) => {
    if (joined.has(at)) groups.at(-1)?.push(column)
    else groups.push([column])
    return groups.length - 1
  })
  return { columns: groups.flatMap((group) => (group.length === 1 ? group : oneColumn(group, tokens))), places }
}

/** Columns that belong with the one before. @param held tokens in each column */
function insideUnits(held: readonly (readonly number[])[], units: Units): readonly number[] {
  const unitOf = new Map((units ?? []).flatMap((unit, at) => unit.map((token) => [token, at] as const)))
  const ends = new Map<number, { readonly first: number; readonly last: number }>()
  held.forEach((inside, at) => {
    for (const token of inside) {
      const unit = unitOf.get(token)
      if (unit !== undefined) ends.set(unit, { first: ends.get(unit)?.first ?? at, last: at })
    }
  })
  return Array.from(ends.values()).flatMap(({ first, last }) => Array.from({ length: last - first }, (_, at) => first + 1 + at))
}

function oneColumn(group: readonly Column[], tokens: OfSides<readonly Token[]>): Column {
  const space = ({ a: [a], b: [b] }: Column): string => {
    const apart = a === undefined ? b !== undefined && isApart(tokens.b, b) : isApart(tokens.a, a)
    return apart ? ' ' : ''
  }
  return {
    a: group.flatMap(({ a }) => a),
    b: group.flatMap(({ b }) => b),
    axis: {
      label: group.map((column, at) => `${at === 0 ? '' : space(column)}${column.axis.label}`).join(''),
      special: group.every(({ axis }) => axis.special),
      changed: group.some(({ axis }) => axis.changed),
      gap: group.every(({ axis }) => axis.gap),
    },
  }
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
