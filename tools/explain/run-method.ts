// Attributions in the text form: what each token of a text contributed to an answer, as data and as bars.

import { attribute, type Explained } from '#engine/attribute'
import { EngineError } from '#engine/error'
import { buildFeeds } from '#engine/feeds'
import { createForwardRuns } from '#engine/forward-runs'
import { restingFeeds } from '#engine/gradient-feeds'
import { createRunsOf } from '#engine/model-runs'
import { createSchedule } from '#engine/schedule'
import type { ModelTokenizer } from '#engine/tokenizer'
import { neighbourIn } from '#engine/word-table'
import type { AttributionMethodId } from '#methods/attribution'
import type { Tensor } from '#tensor/tensor'
import type { TokenRow } from '#text/token'
import type { Question } from './arguments.ts'
import type { OpenedFile } from './open-file.ts'

export interface MethodAnswer {
  readonly text: string
  readonly tokens: readonly string[]
  readonly method: AttributionMethodId
  readonly target: Aim
  readonly foil: Aim | null
  /** Where a model with an answer for each token is asked, from 0. */
  readonly position: number | null
  /** The target's number for the text, in logits. */
  readonly output: number
  /** One a token: norms, or contributions in logits. */
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
  readonly ms: number
  readonly doubts: readonly string[]
  /** Numbers about the answer, such as a surrogate's fit. */
  readonly figures: Readonly<Record<string, number>>
}

/** A class or a token of the vocabulary. */
interface Aim {
  readonly index: number
  readonly label: string
}

const BAR = 30

/** @param other the text that a way may begin at @throws EngineError `no-such-target`, `no-baseline`, `run-failed` */
export async function runMethod(opened: OpenedFile, text: string, other: string | null, question: Question): Promise<MethodAnswer> {
  const { prepared, session, layout, config, gradients } = opened
  if (gradients === null || prepared.task === 'hidden' || prepared.task === null) {
    throw new EngineError('no-such-target', 'The model has no answer of its own, so there is nothing to attribute.')
  }
  const tokenizer = opened.tokenizer()
  const row = tokenizer.encode(text)
  const feeds = { ...buildFeeds(prepared.inputs, { ids: row.tokens.map(({ id }) => id) }, layout), ...restingFeeds(gradients) }
  const logits = (await session.run(feeds, [prepared.outputs.logits]))[prepared.outputs.logits] ?? { dims: [], data: new Float32Array() }
  const position = prepared.task === 'classifier' ? null : positionIn(row, prepared.task, tokenizer.mask?.id ?? null)
  const aimOf = prepared.task === 'token-logits' ? tokenAim(tokenizer) : classAim(config.id2label, logits.dims.at(-1) ?? 0)
  const target = aimOf(question.target ?? String(best(logits, position)))
  const foil = question.foil === null ? null : aimOf(question.foil)
  const asked = { index: target.index, foil: foil?.index ?? null, position, space: 'score' as const }
  const [mask, pad] = [tokenizer.mask?.id ?? null, tokenizer.pad?.id ?? null]
  const words = needsWords(question) ? await opened.words() : null
  const ask = { session, plan: prepared, gradients, layout, activation: 'none' as const, answer: logits.dims, words, mask, pad }
  const view: Explained = {
    row,
    gradients: createRunsOf(ask)(row, asked),
    forward: createForwardRuns(ask, asked),
    absences: { mask, pad, neighbour: neighbourIn(words, tokenizer) },
  }
  const never = new AbortController().signal
  const { method } = question
  const options = { ...question.options, absence: question.options.absence ?? (mask === null ? 'delete' : 'mask') }
  const reference = other === null ? null : tokenizer.encode(other)
  const found = await attribute(view, { method, target: asked, options, reference }, createSchedule(), never, () => undefined)
  const values = Array.from(found.values, rounded)
  return {
    text,
    tokens: row.tokens.map(({ piece }) => piece),
    method: question.method,
    target,
    foil,
    position,
    output: rounded(found.output),
    values,
    ...(found.errors === null ? {} : { standard_errors: Array.from(found.errors, rounded) }),
    ...(found.layers === null ? {} : { layers: byLayer(found.layers, values.length) }),
    signed: found.isSigned,
    ...(found.isSigned ? { sum: rounded(found.values.reduce((sum, value) => sum + value, 0)) } : {}),
    ...(found.expectedSum === null ? {} : { expected_sum: rounded(found.expectedSum) }),
    runs: found.runs,
    ms: Math.round(found.ms),
    doubts: found.doubts,
    figures: found.figures,
  }
}

/** Whether the vocabulary's embeddings are read, which takes a moment. */
function needsWords({ method, options }: Question): boolean {
  return (
    options.absence === 'neighbour' || method === 'expected-gradients' || (method === 'integrated-gradients' && options.baseline !== 'zero')
  )
}

function byLayer(layers: Float32Array, tokens: number): readonly (readonly number[])[] {
  return Array.from({ length: layers.length / tokens }, (_, point) =>
    Array.from(layers.subarray(point * tokens, (point + 1) * tokens), rounded),
  )
}

/** The first mask, else the last token; of classes for each token the first one of the text. */
function positionIn({ tokens }: TokenRow, task: 'token-logits' | 'token-classifier', mask: number | null): number {
  const masked = tokens.findIndex(({ id }) => id === mask)
  if (task === 'token-logits') return masked < 0 ? tokens.length - 1 : masked
  return Math.max(
    0,
    tokens.findIndex(({ source }) => source === 'text'),
  )
}

/** What the model itself answers. */
function best({ dims, data }: Tensor, position: number | null): number {
  const width = dims.at(-1) ?? 0
  const start = (position ?? 0) * width
  return data.subarray(start, start + width).reduce((top, value, index, row) => (value > (row[top] ?? value) ? index : top), 0)
}

/** A class by its label, in any case, or by its number. */
function classAim(labels: Readonly<Record<string, string>>, classes: number): (name: string) => Aim {
  const all = Array.from({ length: classes }, (_, index): Aim => ({ index, label: labels[index] ?? `class ${index}` }))
  return (name) => {
    const found = all.find(({ label }) => label.toLowerCase() === name.toLowerCase()) ?? all.find(({ index }) => String(index) === name)
    if (found) return found
    throw new EngineError('no-such-target', `The model has no class ${name}; it has ${all.map(({ label }) => label).join(', ')}.`)
  }
}

/** A token by its number in the vocabulary, or a word that is one token. */
function tokenAim(tokenizer: ModelTokenizer): (name: string) => Aim {
  return (name) => {
    const pieces = tokenizer.encodeWord(name)
    const [only] = pieces
    const index = /^\d+$/.test(name) ? Number(name) : pieces.length === 1 ? only?.id : undefined
    const label = index === undefined ? null : tokenizer.labelOf(index)
    if (index !== undefined && label !== null) return { index, label }
    const parts = pieces.map(({ piece }) => piece).join(' ')
    throw new EngineError('no-such-target', `${name} is no token of the model${parts === '' ? '' : `; it is ${parts}`}.`)
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}

/** An attribution in lines: a bar for each token, dark for the target and light against it, and what they add up to. */
export function describeAttribution(answer: MethodAnswer): string {
  const {
    text,
    tokens,
    method,
    target,
    foil,
    position,
    output,
    values,
    signed,
    sum,
    expected_sum: expected,
    runs,
    ms,
    doubts,
    figures,
  } = answer
  const largest = values.reduce((top, value) => Math.max(top, Math.abs(value)), 0)
  const where = position === null ? '' : ` at position ${position + 1} (${tokens[position]})`
  const bars = values.map((value, token) => {
    const length = largest === 0 ? 0 : Math.round((BAR * Math.abs(value)) / largest)
    return `  ${value.toFixed(4).padStart(9)}  ${(value < 0 ? '░' : '█').repeat(length).padEnd(BAR)}  ${tokens[token]}`
  })
  return [
    text,
    `  ${method} of ${quoted(target)}${foil === null ? '' : ` rather than ${quoted(foil)}`}${where}: ${output.toFixed(4)} logits`,
    ...bars,
    ...(signed && sum !== undefined
      ? [`  adds up to ${sum.toFixed(4)}${expected === undefined ? '' : ` of ${expected.toFixed(4)}`} logits`]
      : []),
    `  ${runs} ${runs === 1 ? 'run' : 'runs'}, ${ms} ms`,
    ...Object.entries(figures).map(([name, value]) => `  ${name} ${value.toFixed(3)}`),
    ...doubts.map((doubt) => `  doubt: ${DOUBTS[doubt] ?? doubt}`),
  ].join('\n')
}

const DOUBTS: Readonly<Record<string, string>> = {
  'sharp-baseline': 'much of the change lies next to the baseline, where more steps do not help',
  incomplete: 'the values do not add up as they should',
}

function quoted({ label }: Aim): string {
  return `"${label.trim()}"`
}
