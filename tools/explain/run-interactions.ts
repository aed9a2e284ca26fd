// What every two units of a text do together beyond what each does alone: as a matrix, and the strongest pairs in lines.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { EngineError } from '#engine/error'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { InteractionsQuestion } from './question.ts'
import { DOUBTS } from './run-method.ts'
import { AWAY, aimText, type Head, headOf, measured, nameOf, removalOr, rounded, subjectOf, typedLabel } from './subject.ts'

export interface InteractionsAnswer extends Head {
  /** How units were taken away. */
  readonly absence: AttributionOptions['removal']
  /** The target's number for the text. */
  readonly output: number
  /** What is taken away at once: its words and its tokens. */
  readonly units: readonly { readonly label: string; readonly tokens: readonly number[] }[]
  /** [units][units] in the target's unit, symmetric; null on the diagonal. */
  readonly values: readonly (readonly (number | null)[])[]
  readonly doubts: readonly string[]
}

/** @throws EngineError `no-removal`, `nothing-to-perturb`, `no-such-target`, `run-failed` */
export async function runInteractions(opened: OpenedEngine, text: string, question: InteractionsQuestion): Promise<InteractionsAnswer> {
  const subject = await subjectOf(opened, text, question)
  const { input, row, target } = subject
  const options = { ...question.options, removal: removalOr(question.options.removal, opened) }
  const { units, values, doubts } = await opened.engine.interactions(
    { input, target, options },
    listening(() => undefined),
  )
  if (units.length < 2) throw new EngineError('nothing-to-perturb', 'A pair takes two units, and the text has one.')
  const valueAt = (one: number, other: number): number | null =>
    one === other ? null : rounded(values[one * units.length + other] ?? Number.NaN)
  return {
    ...headOf(subject),
    absence: options.removal,
    output: rounded(await subject.numberOf(row)),
    units: units.map((tokens) => ({
      label: typedLabel(text, row, tokens),
      tokens,
    })),
    values: units.map((_, one) => units.map((__, other) => valueAt(one, other))),
    doubts,
  }
}

/** Pairs that are listed for a person. */
const LISTED = 10

/** The strongest pairs in lines. */
export function describeInteractions(answer: InteractionsAnswer): string {
  const { text, absence, space, output, units, values, doubts } = answer
  const pairs = values.flatMap((row, one) => row.flatMap((value, other) => (other > one && value !== null ? [{ one, other, value }] : [])))
  const strongest = pairs.toSorted((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, LISTED)
  const labels = units.map(({ label }) => label)
  const name = (unit: number): string => nameOf(labels, unit, units[unit]?.tokens[0] ?? unit)
  return [
    text,
    `  pairs for ${aimText(answer)}: ${measured(output, space)}; taken away by ${AWAY[absence]}`,
    ...strongest.map(({ one, other, value }) => `  ${value.toFixed(4).padStart(9)}  ${name(one)} with ${name(other)}`),
    `  the strongest ${strongest.length} of ${pairs.length} pairs: above zero each needs the other, below one would do`,
    ...doubts.map((doubt) => `  doubt: ${DOUBTS[doubt] ?? doubt}`),
  ].join('\n')
}
