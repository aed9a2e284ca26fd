// A frame is the axis that charts share: the token slots on screen, of one side or of two sides aligned, with or without
// the special tokens. Matrices of the engine are laid out in it.

import type { AttentionMatrix } from '#methods/attention/attention'
import type { TokenRef } from '#share/settings'
import type { Token } from '#text/token'
import type { DifferenceState, SideAnswer } from '../app-state.ts'

/** One place on the axis. */
export interface Slot {
  /** Index of the token in A and in the reference; -1 where that side has a gap or is not shown. */
  readonly a: number
  readonly b: number
  /** Column of the alignment; -1 when the frame shows one side. */
  readonly column: number
  readonly label: string
  readonly special: boolean
  /** Takes attention and says nothing, on either side. */
  readonly sink: boolean
  readonly changed: boolean
  /** No token on the side that the frame is drawn for. */
  readonly gap: boolean
}

export type FrameSide = 'a' | 'b' | 'difference'

export interface Frame {
  readonly side: FrameSide
  readonly slots: readonly Slot[]
}

/** Frames by the tokens or the alignment they are made of: as long as these stay, so do the charts. */
const frames = new WeakMap<object, Map<string, Frame>>()

function kept(source: object, key: string, make: () => Frame): Frame {
  const known = frames.get(source) ?? new Map<string, Frame>()
  frames.set(source, known)
  const frame = known.get(key) ?? make()
  known.set(key, frame)
  return frame
}

/** The frame of one side on its own, with or without its sinks; the same object for the same row of tokens. */
export function soloFrame(side: 'a' | 'b', answer: SideAnswer, showSpecials: boolean, sinksAside = false): Frame {
  return kept(answer.row, `${side} ${showSpecials} ${sinksAside}`, () => {
    const slots = answer.row.tokens.map((token, index) => ({
      a: side === 'a' ? index : -1,
      b: side === 'b' ? index : -1,
      column: -1,
      label: token.label,
      special: token.source === 'template',
      sink: answer.statistics.sinks.includes(index),
      changed: token.source === 'edit',
      gap: false,
    }))
    return { side, slots: visible(slots, showSpecials, sinksAside) }
  })
}

/**
 * The frame of two aligned sides, as it is drawn for A, for the reference, or for their difference; the same object for the
 * same alignment, which belongs to two texts.
 */
export function alignedFrame(
  side: FrameSide,
  a: SideAnswer,
  b: SideAnswer,
  difference: DifferenceState,
  showSpecials: boolean,
  sinksAside = false,
): Frame {
  const { alignment } = difference
  return kept(alignment, `${side} ${showSpecials} ${sinksAside}`, () => {
    const slots = Array.from(alignment.a, (indexA, column): Slot => {
      const indexB = alignment.b[column] ?? -1
      const tokenA = a.row.tokens[indexA]
      const tokenB = b.row.tokens[indexB]
      return {
        a: indexA,
        b: indexB,
        column,
        label: labelOf(side, tokenA, tokenB),
        special: (tokenA ?? tokenB)?.source === 'template',
        sink: a.statistics.sinks.includes(indexA) || b.statistics.sinks.includes(indexB),
        changed: tokenA?.id !== tokenB?.id,
        gap: side === 'a' ? indexA < 0 : side === 'b' ? indexB < 0 : indexA < 0 || indexB < 0,
      }
    })
    return { side, slots: visible(slots, showSpecials, sinksAside) }
  })
}

function labelOf(side: FrameSide, a: Token | undefined, b: Token | undefined): string {
  if (side === 'a') return a?.label ?? ''
  if (side === 'b') return b?.label ?? ''
  if (a && b && a.id !== b.id) return `${b.label} ⇒ ${a.label}`
  return (a ?? b)?.label ?? ''
}

function visible(slots: readonly Slot[], showSpecials: boolean, sinksAside: boolean): readonly Slot[] {
  const kept = slots.filter(({ special, sink }) => (showSpecials || !special) && !(sinksAside && sink))
  return kept.length > 0 ? kept : slots
}

/** A matrix [T, T] (or [P, P] for a difference) in the frame: [slots, slots], NaN where a slot has no token. */
export function layOut(frame: Frame, matrix: AttentionMatrix): Float32Array {
  const side = matrix.tokens
  // While a newer answer is on its way the frame may know tokens that the matrix does not.
  const at = frame.slots.map((slot) => indexIn(frame, slot)).map((index) => (index < side ? index : -1))
  const values = new Float32Array(at.length * at.length).fill(Number.NaN)
  at.forEach((row, i) => {
    if (row < 0) return
    at.forEach((column, j) => {
      if (column >= 0) values[i * at.length + j] = matrix.data[row * side + column] ?? Number.NaN
    })
  })
  return values
}

/**
 * What each slot of the frame sends to tokens that are set aside: sums [slots] of a matrix's rows over the tokens that have no slot; null
 * where every token has one. Gaps count as 0; NaN where the slot itself has no token.
 */
export function sentAside(frame: Frame, matrix: AttentionMatrix): Float32Array | null {
  const side = matrix.tokens
  const shown = new Set(frame.slots.map((slot) => indexIn(frame, slot)))
  const aside = Array.from({ length: side }, (_, at) => at).filter((at) => !shown.has(at))
  if (aside.length === 0) return null
  return Float32Array.from(frame.slots, (slot) => {
    const row = indexIn(frame, slot)
    if (row < 0 || row >= side) return Number.NaN
    const sent = aside.map((at) => matrix.data[row * side + at] ?? Number.NaN).filter((value) => !Number.isNaN(value))
    // Of a difference, a row that only one side has.
    if (sent.length === 0) return Number.NaN
    return sent.reduce((sum, value) => sum + value, 0)
  })
}

/** Per-token values [rows, T] of one side in the frame: [rows, slots]. */
export function layOutRows(frame: Frame, rows: number, tokens: number, data: Float32Array): Float32Array {
  const width = frame.slots.length
  const values = new Float32Array(rows * width).fill(Number.NaN)
  frame.slots.forEach((slot, j) => {
    const index = indexIn(frame, slot)
    if (index < 0 || index >= tokens) return
    for (let row = 0; row < rows; row++) values[row * width + j] = data[row * tokens + index] ?? Number.NaN
  })
  return values
}

function indexIn(frame: Frame, slot: Slot): number {
  if (frame.side === 'difference') return slot.column
  return frame.side === 'a' ? slot.a : slot.b
}

/** Where a token stands in the frame; null when it is hidden or absent. */
export function slotOf(frame: Frame, token: TokenRef | null): number | null {
  if (token === null) return null
  const found = frame.slots.findIndex((slot) => slot[token.side] === token.index)
  return found < 0 ? null : found
}

/** The token that stands in a slot, the side of the frame first. */
export function tokenAt(frame: Frame, index: number): TokenRef | null {
  const slot = frame.slots[index]
  if (!slot) return null
  const order = frame.side === 'b' ? (['b', 'a'] as const) : (['a', 'b'] as const)
  const side = order.find((candidate) => slot[candidate] >= 0)
  return side ? { side, index: slot[side] } : null
}
