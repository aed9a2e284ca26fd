// The values of several methods over the columns of a pane.

import type { AttributionMethodId } from '#catalogue/attribution-methods'
import type { Unit } from '#catalogue/attribution-options'
import type { Attribution } from '#methods/attribution'
import { type Column, columnsOf, inColumns, inUnits, type UnitColumns } from '#panels/shared/token-columns.ts'
import type { SideAnswer } from '#state/app-state'
import type { AttributionSide, AttributionState, Attributions } from '#state/attributions'
import { type Pane, sameInput } from '#state/layout/panes'
import { largestMagnitude } from '#tensor/vector'
import type { Span } from '#views/matrix/matrix-view'

/** One method's values in columns of its own: what it takes away together is one. */
export interface MethodRow extends UnitColumns {
  readonly unit: Unit
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
  const tokens = { a: answers.a?.row.tokens ?? [], b: answers.reference?.row.tokens ?? [] }
  const columns = columnsOf(frame, tokens.a, tokens.b, byWord)
  const rowOf = (method: AttributionMethodId): MethodRow => {
    const a = currentAttribution(attributions.a[method], answers.a)
    const b = currentAttribution(attributions.reference[method], answers.reference)
    const own = inUnits(columns, side, tokens, { a: a?.taken?.units ?? null, b: b?.taken?.units ?? null })
    return {
      ...own,
      unit: (a ?? b)?.taken?.unit ?? 'token',
      values: inColumns(own.columns, side, a?.values ?? null, b?.values ?? null),
      errors: errorsIn(own.columns, side, a, b),
    }
  }
  return { columns, methods: methods.map(rowOf) }
}

/** [methods, columns] of tokens: each has what its unit has. */
export function spreadRows({ columns, methods }: AttributionRows, of: 'values' | 'errors'): Float32Array {
  return Float32Array.from(methods.flatMap((row) => columns.map((_, at) => row[of][row.places[at] ?? -1] ?? Number.NaN)))
}

/** The largest magnitude of all methods of all panes. */
export function largestOfAll(all: readonly PaneRows[]): number {
  return Math.max(0, ...all.flatMap(({ rows }) => rows.methods.map(({ values }) => largestMagnitude(values))))
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
