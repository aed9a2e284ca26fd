// Attributions in the text form: what each token of a text contributed to an answer, as data and as bars.

import { ATTRIBUTION_METHODS, type AttributionMethodId, needsGradients } from '#catalogue/attribution-methods'
import type { Removal, Unit } from '#catalogue/attribution-options'
import { EngineError } from '#engine/error'
import type { Attribution } from '#methods/attribution'
import type { TokenRow } from '#text/token'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { MethodQuestion } from './question.ts'
import { AWAY, aimText, type Head, headOf, measured, removalOr, rounded, subjectOf, typedLabel } from './subject.ts'

export interface MethodAnswer extends Head {
  readonly method: AttributionMethodId
  /** The target's number for the text. */
  readonly output: number
  /** What was taken away at once, how, and what that did; null for methods that take nothing away. */
  readonly taken_away: TakenAway | null
  /** One a token: norms, or contributions in the target's unit; of tokens that were taken away together, equal shares. */
  readonly values: readonly number[]
  /** Of values that are means over samples. */
  readonly standard_errors?: readonly number[]
  /** The values at every point of the residual stream, the embeddings first. */
  readonly layers?: readonly (readonly number[])[]
  readonly signed: boolean
  /** Of signed values. */
  readonly sum?: number
  readonly expected_sum?: number
  readonly runs: number
  /** Of these, those that were made for something else before. */
  readonly runs_known_before: number
  readonly ms: number
  readonly doubts: readonly string[]
  /** Numbers about the answer, such as a surrogate's fit. */
  readonly figures: Readonly<Record<string, number>>
}

interface TakenAway {
  readonly unit: Unit
  readonly absence: Removal
  readonly units: readonly TakenUnit[]
}

interface TakenUnit {
  readonly label: string
  readonly tokens: readonly number[]
  readonly value: number
  readonly standard_error?: number
}

const BAR = 30

/**
 * @param other the text that a way may begin at; null for none
 * @throws EngineError `no-such-target`, `no-gradients`, `no-baseline`, `no-removal`, `run-failed`
 */
export async function runMethod(opened: OpenedEngine, text: string, other: string | null, question: MethodQuestion): Promise<MethodAnswer> {
  const subject = await subjectOf(opened, text, question)
  const { input, target } = subject
  const { method } = question
  const options = { ...question.options, removal: removalOr(question.options.removal, opened) }
  const reference = other === null ? null : { text: other, edits: [] }
  const found = await opened.engine
    .attribute(
      { input, target, method, options, reference },
      listening(() => undefined),
    )
    .catch((error) => {
      throw error instanceof EngineError && error.kind.startsWith('no-gradients') ? withoutGradients(opened, question) : error
    })
  const values = Array.from(found.values, rounded)
  return {
    ...headOf(subject),
    method,
    output: rounded(found.output),
    taken_away: takenAway(text, subject.row, found),
    values,
    ...(found.errors === null ? {} : { standard_errors: Array.from(found.errors, rounded) }),
    ...(found.layers === null ? {} : { layers: byLayer(found.layers, values.length) }),
    signed: found.isSigned,
    ...(found.isSigned ? { sum: rounded(found.values.reduce((sum, value) => sum + value, 0)) } : {}),
    ...(found.expectedSum === null ? {} : { expected_sum: rounded(found.expectedSum) }),
    runs: found.runs,
    runs_known_before: found.known,
    ms: Math.round(found.ms),
    doubts: found.doubts,
    figures: found.figures,
  }
}

/** Why a method that needs gradients has none, and which do not need them. */
function withoutGradients({ model }: OpenedEngine, { method, space }: MethodQuestion): EngineError {
  const { gradients } = model.card
  const missing = typeof gradients === 'string' ? [] : gradients.missing
  const why =
    gradients === 'yes' && space !== 'score'
      ? `gives gradients of scores, not of a ${space}`
      : `has no gradients here${missing.length > 0 ? `, for want of a rule for ${missing.join(', ')}` : ''}`
  return new EngineError(
    'no-gradients',
    `${method} needs gradients. The model ${why}. Without: ${ATTRIBUTION_METHODS.filter((other) => !needsGradients(other)).join(', ')}.`,
  )
}

/** Tokens of a unit share what it did equally. */
function takenAway(text: string, row: TokenRow, { taken, values, errors }: Attribution): TakenAway | null {
  if (taken === null) return null
  const sum = (unit: readonly number[], of: Float32Array): number => rounded(unit.reduce((total, token) => total + (of[token] ?? 0), 0))
  const units = taken.units.map((unit) => ({
    label: typedLabel(text, row, unit),
    tokens: unit,
    value: sum(unit, values),
    ...(errors === null ? {} : { standard_error: sum(unit, errors) }),
  }))
  return { unit: taken.unit, absence: taken.removal, units }
}

function byLayer(layers: Float32Array, tokens: number): readonly (readonly number[])[] {
  return Array.from({ length: layers.length / tokens }, (_, point) =>
    Array.from(layers.subarray(point * tokens, (point + 1) * tokens), rounded),
  )
}

/** Of a value that is a mean over samples. */
function errorText(error: number | undefined): string {
  return error === undefined || error === 0 ? '' : `  ± ${error.toFixed(4)}`
}

interface Line {
  readonly label: string
  readonly value: number
  readonly error: number | undefined
}

/** In the order of the text: what was taken away at once is one line. */
function linesOf({ tokens, values, standard_errors: errors = [], taken_away: taken }: MethodAnswer): readonly Line[] {
  const unitAt = new Map(taken?.units.map((unit) => [unit.tokens[0], unit]))
  const inUnits = new Set(taken?.units.flatMap((unit) => unit.tokens))
  return tokens.flatMap((piece, token): readonly Line[] => {
    const unit = unitAt.get(token)
    if (unit !== undefined && unit.tokens.length > 1) return [{ label: unit.label, value: unit.value, error: unit.standard_error }]
    if (unit === undefined && inUnits.has(token)) return []
    return [{ label: piece, value: values[token] ?? 0, error: errors[token] }]
  })
}

/** An attribution in lines: a bar for each token or unit, dark for the target and light against it, and what they add up to. */
export function describeAttribution(answer: MethodAnswer): string {
  const { text, method, taken_away: taken, space, output, signed, sum, expected_sum: expected, ms, doubts, figures } = answer
  const lines = linesOf(answer)
  const largest = lines.reduce((top, { value }) => Math.max(top, Math.abs(value)), 0)
  const bars = lines.map(({ label, value, error }) => {
    const length = largest === 0 ? 0 : Math.round((BAR * Math.abs(value)) / largest)
    return `  ${value.toFixed(4).padStart(9)}  ${(value < 0 ? '░' : '█').repeat(length).padEnd(BAR)}  ${label}${errorText(error)}`
  })
  return [
    text,
    `  ${method} of ${aimText(answer)}: ${measured(output, space)}`,
    ...(taken === null ? [] : [`  ${taken.unit}s taken away by ${AWAY[taken.absence]}`]),
    ...bars,
    ...(signed && sum !== undefined
      ? [`  adds up to ${measured(sum, space)}${expected === undefined ? '' : `, expected ${expected.toFixed(4)}`}`]
      : []),
    `  ${costText(answer)}, ${ms} ms`,
    ...Object.entries(figures).map(([name, value]) => `  ${name} ${value.toFixed(3)}`),
    ...doubts.map((doubt) => `  doubt: ${DOUBTS[doubt] ?? doubt}`),
  ].join('\n')
}

function costText({ runs, runs_known_before: known }: MethodAnswer): string {
  return `${runs} ${runs === 1 ? 'run' : 'runs'}${known === 0 ? '' : `, ${known} of them made before`}`
}

export const DOUBTS: Readonly<Record<string, string>> = {
  'sharp-baseline': 'much of the change lies next to the baseline, where more steps do not help',
  'first-token-stays': 'a text without any token cannot be run: where every unit is deleted, the first token stays',
  incomplete: 'the values do not add up as they should',
}
