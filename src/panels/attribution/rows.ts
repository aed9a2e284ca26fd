// The values of several methods as rows over the columns of a pane.

import type { Attribution, AttributionMethodId } from '#methods/attribution'
import type { AppState, AttributionSide, AttributionState, SideAnswer } from '#state/app-state'
import { type Pane, sameInput } from '#state/panes'
import { type Column, columnsOf, inColumns } from './columns.ts'

export interface AttributionRows {
  readonly columns: readonly Column[]
  /** [methods, columns]; NaN where a method has no value yet. */
  readonly values: Float32Array
  /** In the shape of the values: standard errors, NaN where a method has none. */
  readonly errors: Float32Array
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
  attributions: AppState['attributions'],
  { byWord, answers }: RowOptions,
): AttributionRows {
  const columns = columnsOf(frame, answers.a?.row.tokens ?? [], answers.reference?.row.tokens ?? [], byWord)
  const known = (of: AttributionSide, method: AttributionMethodId) => currentAttribution(attributions[of][method], answers[of])
  const rows = methods.map((method) => {
    const [a, b] = [known('a', method), known('reference', method)]
    return inColumns(columns, side, a?.values ?? null, b?.values ?? null)
  })
  const errors = methods.map((method) => {
    const [a, b] = [known('a', method)?.errors, known('reference', method)?.errors]
    return errorsIn(columns, side, a ?? null, b ?? null)
  })
  return { columns, values: joined(rows, columns.length), errors: joined(errors, columns.length) }
}

/** Of the answer on screen; null where it is another input's, or still to come. */
export function currentAttribution(state: AttributionState | undefined, answer: SideAnswer | null): Attribution | null {
  return state?.attribution && answer && sameInput(state.input, answer.input) ? state.attribution : null
}

/** Of sums: squares add up, as if errors of tokens were independent. */
function errorsIn(columns: readonly Column[], side: Pane['side'], a: Float32Array | null, b: Float32Array | null): Float32Array {
  const [squaresA, squaresB] = [a?.map(square) ?? null, b?.map((error) => (side === 'difference' ? -square(error) : square(error))) ?? null]
  return inColumns(columns, side, squaresA, squaresB).map(Math.sqrt)
}

function square(value: number): number {
  return value * value
}

function joined(rows: readonly Float32Array[], columns: number): Float32Array {
  const all = new Float32Array(rows.length * columns)
  rows.forEach((row, at) => void all.set(row, at * columns))
  return all
}
