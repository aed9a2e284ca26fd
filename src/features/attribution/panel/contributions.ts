// What leads from a base to the output, by one method in the columns of a pane.

import type { Attribution } from '#methods/attribution'
import type { Pane } from '#state/layout/panes'
import type { Contributions, Part } from '#views/bars/contributions'
import type { MethodRow } from './rows.ts'

/** Where the base comes from: the method promises a sum, its linear model has one of its own, or it is what is left. */
export type BaseKind = 'promised' | 'intercept' | 'left'

/** Why values are no steps to the output: they have no sign, or are rates of change and no amounts. */
export type NoSteps = 'unsigned' | 'rate'

/** Smaller parts are rounding: the page shows them as zero. */
const UNSEEN = 0.0005

export interface PartNames {
  readonly hidden: string
  readonly rest: string
}

/** Attributions of the sides of a pane; null where there is none, or none yet. */
export interface Sides {
  readonly a: Attribution | null
  readonly b: Attribution | null
}

export function noSteps({ method, isSigned }: Attribution): NoSteps | null {
  if (!isSigned) return 'unsigned'
  return method === 'signed-saliency' ? 'rate' : null
}

export function baseKind({ expectedSum, surrogate }: Attribution): BaseKind {
  if (expectedSum !== null) return 'promised'
  return surrogate === null ? 'left' : 'intercept'
}

/**
 * A part is a column: a token, or what was taken away together. In a difference base, output and every part are A's less the reference's.
 * Tokens without a column are one part, and so is what the method leaves of the output. Parts of exactly zero, such as tokens that are never
 * taken away, are left out.
 */
export function contributionsOf(
  side: Pane['side'],
  { columns, values, errors }: Pick<MethodRow, 'columns' | 'values' | 'errors'>,
  { a, b }: Sides,
  names: PartNames,
): Contributions {
  const ends = endsOf(side, a, b)
  const tokens = columns.flatMap(({ axis }, column): readonly Part[] => {
    const value = values[column] ?? Number.NaN
    if (axis.gap || value === 0) return []
    return [{ key: String(column), label: axis.label.trim(), value, error: errors[column] ?? Number.NaN, kind: 'token' }]
  })
  const shown = tokens.reduce((sum, { value }) => sum + (value || 0), 0)
  const others = [
    { key: 'hidden', label: names.hidden, value: ends.sum - shown, error: Number.NaN, kind: 'hidden' },
    { key: 'rest', label: names.rest, value: ends.output - ends.base - ends.sum, error: Number.NaN, kind: 'rest' },
  ] as const
  return { base: ends.base, output: ends.output, parts: [...tokens, ...others.filter(({ value }) => Math.abs(value) >= UNSEEN)] }
}

interface Ends {
  readonly base: number
  readonly output: number
  /** Of all values. */
  readonly sum: number
}

const NONE: Ends = { base: Number.NaN, output: Number.NaN, sum: Number.NaN }

function endsOf(side: Pane['side'], a: Attribution | null, b: Attribution | null): Ends {
  const [one, other] = [a === null ? NONE : endsOfOne(a), b === null ? NONE : endsOfOne(b)]
  if (side !== 'difference') return side === 'a' ? one : other
  return { base: one.base - other.base, output: one.output - other.output, sum: one.sum - other.sum }
}

function endsOfOne({ values, output, expectedSum, surrogate }: Attribution): Ends {
  // Before the first value there is no way to the output yet.
  if (values.every((value) => Number.isNaN(value) || value === 0) && values.some(Number.isNaN)) return NONE
  // Units that are still to come are no number.
  const sum = values.reduce((total, value) => total + (value || 0), 0)
  return { base: surrogate?.intercept ?? output - (expectedSum ?? sum), output, sum }
}
