// Who wrote a logit into the residual stream: the embedding, every head and every MLP.

import type { LensAim, LogitAttribution } from '#features/inside/api.ts'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { LensQuestion } from './question.ts'
import { askedOf, namesIn } from './run-lens.ts'
import { type Aim, quoted, rounded } from './subject.ts'

export interface LogitAttributionAnswer extends Omit<LogitAttribution, keyof LensAim | 'scale'> {
  readonly text: string
  readonly tokens: readonly string[]
  /** From 0. */
  readonly position: number
  readonly target: Aim
  readonly foil: Aim | null
  readonly norm_scale: number
}

/** @throws EngineError `no-readout`, `not-a-sum`, `no-such-target`, `no-such-token`, `run-failed` */
export async function runLogitAttribution(opened: OpenedEngine, text: string, question: LensQuestion): Promise<LogitAttributionAnswer> {
  const { subject, request } = await askedOf(opened, text, question)
  const found = await opened.engine.logitAttribution(
    request,
    listening(() => undefined),
  )
  return {
    text,
    tokens: subject.row.tokens.map(({ piece }) => piece),
    position: found.position,
    ...namesIn(found),
    embedding: rounded(found.embedding),
    heads: found.heads.map((layer) => layer.map(rounded)),
    biases: found.biases.map(rounded),
    mlps: found.mlps.map(rounded),
    constant: rounded(found.constant),
    sum: rounded(found.sum),
    difference: rounded(found.difference),
    norm_scale: rounded(found.scale),
  }
}

/** Components that are listed for a person. */
const LISTED = 15

export function describeLogitAttribution(answer: LogitAttributionAnswer): string {
  const { text, tokens, position, target, foil, embedding, heads, biases, mlps, constant, sum, difference } = answer
  const parts = [
    { name: 'embedding', value: embedding },
    ...heads.flatMap((layer, at) => layer.map((value, head) => ({ name: `head ${at}.${head}`, value }))),
    ...mlps.map((value, layer) => ({ name: `MLP ${layer}`, value })),
    ...biases.map((value, layer) => ({ name: `attention bias ${layer}`, value })),
    { name: 'final norm’s shift and output bias', value: constant },
  ].filter(({ value }) => value !== 0)
  const largest = parts.toSorted((one, other) => Math.abs(other.value) - Math.abs(one.value))
  const shown = largest.slice(0, LISTED)
  const others = largest.slice(LISTED).reduce((total, { value }) => total + value, 0)
  const line = (value: number, name: string): string => `  ${value.toFixed(4).padStart(9)}  ${name}`
  const against = foil === null ? '' : ` rather than ${quoted(foil.label)}`
  return [
    text,
    `  the logit of ${quoted(target.label)}${against} at position ${position + 1} (${tokens[position]}), by what was written into the stream; layers and heads from 0`,
    ...shown.map(({ value, name }) => line(value, name)),
    ...(largest.length > LISTED ? [line(others, `${largest.length - LISTED} others`)] : []),
    `  sum ${sum.toFixed(4)}; the model itself: ${difference.toFixed(4)}`,
  ].join('\n')
}
