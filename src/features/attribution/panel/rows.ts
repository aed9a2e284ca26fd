// The values of several methods over the columns of a pane.

import type { AttributionMethodId } from '#catalogue/attribution-methods'
import type { Unit } from '#catalogue/attribution-options'
import type { Attribution } from '#methods/attribution'
import { type Column, columnsOf, inColumns, inUnits, type OfSides, type UnitColumns } from '#panels/shared/token-columns.ts'
import type { SideAnswer } from '#state/app-state'
import type { AttributionSide, AttributionState, Attributions } from '#state/attributions'
import type { Frame, FrameSide } from '#state/layout/frame'
import { type Pane, sameInput } from '#state/layout/panes'
import { largestMagnitude } from '#tensor/vector'
import type { Token } from '#text/token'
import type { Span } from '#views/matrix/matrix-view'

/** One method's values in columns of its own: what it takes away together is one. */
export interface MethodRow extends UnitColumns {
  readonly method: AttributionMethodId
  readonly unit: Unit
  /** Whether values are for or against: norms and shares are amounts; their differences have a sign. */
  readonly isSigned: boolean
  /** Whether no value differs from rounding: such a row has no order. */
  readonly isZero: boolean
  /** Whether every value is what it will be. */
  readonly isFinished: boolean
  /** [columns]; NaN where the method has no value yet. */
  readonly values: Float32Array
  /** [columns]: standard errors, NaN where the method has none. */
  readonly errors: Float32Array
}

export interface AttributionRows {
  /** Of tokens or words, for all methods. */
  readonly columns: readonly Column[]
  readonly methods: readonly MethodRow[]
}

export interface PaneRows {
  readonly pane: Pane
  readonly rows: AttributionRows
}

export interface RowOptions {
  readonly byWord: boolean
  /** Of both sides; the reference's is null where nothing is compared. */
  readonly answers: Readonly<Record<AttributionSide, SideAnswer | null>>
}

/** @param methods in the order of the rows */
export function attributionRows(
  { side, frame }: Pick<Pane, 'side' | 'frame'>,
  methods: readonly AttributionMethodId[],
  attributions: Attributions,
  { byWord, answers }: RowOptions,
): AttributionRows {
  const tokens = { a: answers.a?.row.tokens ?? NOTHING, b: answers.reference?.row.tokens ?? NOTHING }
  const columns = keptColumns(frame, tokens, byWord)
  const rowOf = (method: AttributionMethodId): MethodRow => {
    const from = [attributions.a[method], attributions.reference[method], answers.a, answers.reference] as const
    return keptRow(columns, method, from, () => newRow(method))
  }
  const newRow = (method: AttributionMethodId): MethodRow => {
    const a = currentAttribution(attributions.a[method], answers.a)
    const b = currentAttribution(attributions.reference[method], answers.reference)
    const shown = SIDES[side].map((of) => (of === 'a' ? a : b))
    const isFinished = SIDES[side].every((of) => isWhole(attributions[of][method], answers[of]))
    const own = inUnits(columns, side, tokens, { a: a?.taken?.units ?? null, b: b?.taken?.units ?? null })
    return {
      ...own,
      method,
      isSigned: side === 'difference' || shown.every((one) => one?.isSigned ?? true),
      isZero: isFinished && shown.every((one) => one !== null && isZero(one)),
      isFinished,
      unit: (a ?? b)?.taken?.unit ?? 'token',
      values: inColumns(own.columns, side, a?.values ?? null, b?.values ?? null),
      errors: errorsIn(own.columns, side, a, b),
    }
  }
  return { columns, methods: methods.map(rowOf) }
}

const NOTHING: readonly Token[] = []

interface KeptColumns {
  readonly tokens: OfSides<readonly Token[]>
  readonly byWord: boolean
  readonly columns: readonly Column[]
}

const columnsByFrame = new WeakMap<Frame, KeptColumns>()

/** The same columns for the same frame and tokens: what is drawn of them is then drawn once. */
function keptColumns(frame: Frame, tokens: OfSides<readonly Token[]>, byWord: boolean): readonly Column[] {
  const known = columnsByFrame.get(frame)
  if (known && known.byWord === byWord && known.tokens.a === tokens.a && known.tokens.b === tokens.b) return known.columns
  const columns = columnsOf(frame, tokens.a, tokens.b, byWord)
  columnsByFrame.set(frame, { tokens, byWord, columns })
  return columns
}

interface KeptRow {
  readonly from: readonly unknown[]
  readonly row: MethodRow
}

const rowsByColumns = new WeakMap<readonly Column[], Map<AttributionMethodId, KeptRow>>()

/** The same row for the same answers: of many methods only those are drawn anew that have one. */
function keptRow(columns: readonly Column[], method: AttributionMethodId, from: readonly unknown[], make: () => MethodRow): MethodRow {
  const rows = rowsByColumns.get(columns) ?? new Map<AttributionMethodId, KeptRow>()
  rowsByColumns.set(columns, rows)
  const known = rows.get(method)
  if (known?.from.every((part, at) => part === from[at])) return known.row
  const row = make()
  rows.set(method, { from, row })
  return row
}

/** [columns] of tokens: each has what its unit has. */
export function spreadRow(columns: AttributionRows['columns'], row: MethodRow, of: 'values' | 'errors'): Float32Array {
  return Float32Array.from(columns, (_, at) => row[of][row.places[at] ?? -1] ?? Number.NaN)
}

/** The largest magnitude of all methods of all panes, of those with a sign or of those without: amounts are in units of their own. */
export function largestOfAll(all: readonly PaneRows[], isSigned: boolean): number {
  const alike = all.flatMap(({ rows }) => rows.methods.filter((row) => row.isSigned === isSigned))
  return Math.max(0, ...alike.map(({ values }) => largestMagnitude(values)))
}

/** Where several columns of tokens have one value. */
export function spansOf({ columns, places }: MethodRow): readonly Span[] {
  return columns.flatMap(({ axis }, place) => {
    const [first, last] = [places.indexOf(place), places.lastIndexOf(place)]
    return first === last ? [] : [{ first, last, label: axis.label.trim() }]
  })
}

/** Of the answer on screen; null where it is another input's, or still to come. */
export function currentAttribution(state: AttributionState | undefined, answer: SideAnswer | null): Attribution | null {
  return state?.answer && answer && sameInput(state.question.input, answer.input) ? state.answer : null
}

/** Whether nothing of it is still to come: neither running, nor stopped or failed on the way. */
function isWhole(state: AttributionState | undefined, answer: SideAnswer | null): boolean {
  return state?.status === 'done' && currentAttribution(state, answer) !== null
}

/** Shares of the target's scale below which values are rounding. */
const ROUNDING = 1e-6

/** Whether all values are rounding of the target's number, or of 1 where that is less. */
function isZero({ values, output }: Pick<Attribution, 'values' | 'output'>): boolean {
  return largestMagnitude(values) < ROUNDING * Math.max(1, Math.abs(output))
}

/** Sides that a pane shows. */
export const SIDES: Readonly<Record<FrameSide, readonly AttributionSide[]>> = { a: ['a'], b: ['reference'], difference: ['a', 'reference'] }

/** Of sums: squares add up, as if errors were independent. */
function errorsIn(columns: readonly Column[], side: Pane['side'], a: Attribution | null, b: Attribution | null): Float32Array {
  const [squaresA, squaresB] = [a && squaresOf(a), b && squaresOf(b)]
  return inColumns(columns, side, squaresA, (side === 'difference' ? squaresB?.map((square) => -square) : squaresB) ?? null).map(Math.sqrt)
}

/** [T]: at the first token of a unit, whose tokens share one error, the square of it all; 0 at the others. */
function squaresOf({ errors, taken }: Attribution): Float32Array | null {
  if (errors === null) return null
  const whole = errors.slice()
  for (const [first = 0, ...others] of taken?.units ?? []) {
    for (const token of others) {
      whole[first] = (whole[first] ?? 0) + (whole[token] ?? 0)
      whole[token] = 0
    }
  }
  return whole.map((error) => error * error)
}
