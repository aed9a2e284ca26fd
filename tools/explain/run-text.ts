// The text form: what the page shows, as data for --json and as lines for a person.

import type { RankedAnswer } from '#answers/answer-kind'
import { type AnswerKindId, kindOf } from '#answers/answer-kinds'
import { sizeOf } from '#tensor/tensor'
import { argmax } from '#tensor/vector'
import type { View } from './arguments.ts'
import type { OpenedEngine } from './open-engine.ts'
import type { FileCard } from './open-file.ts'

/** Answers that are listed for a vocabulary. */
const LISTED = 10

export interface TextAnswer {
  readonly text: string
  readonly tokens: readonly string[]
  readonly answer?: AnswerKindId
  /** Classes, a span, or the likeliest tokens, at each position that the model is asked about; empty where it is asked about none. */
  readonly prediction?: readonly {
    readonly position: number | null
    /** `probability` is null for a number that is none. */
    readonly candidates: readonly { readonly label: string; readonly logit: number; readonly probability: number | null }[]
  }[]
  /** [layer][head][query][key] */
  readonly attention?: readonly (readonly (readonly (readonly number[])[])[])[]
}

/** What the page answers to a text. @throws EngineError */
export async function runText({ model }: OpenedEngine, text: string, what: Exclude<View, 'card' | 'tokens'>): Promise<TextAnswer> {
  const { row, prediction, attention } = await model.run(model.tokenizer.encode(text))
  const answer = { text, tokens: row.tokens.map(({ piece }) => piece) }
  if (what === 'attention') return { ...answer, attention: attention.layers.map(({ data }) => nested(data, attention.tokens)) }
  return { ...answer, answer: prediction.kind, prediction: kindOf(prediction).ranked({ prediction, row }).map(listed) }
}

function listed({ position, choices }: RankedAnswer): NonNullable<TextAnswer['prediction']>[number] {
  return { position, candidates: choices.slice(0, LISTED).map(({ label, score, probability }) => ({ label, logit: score, probability })) }
}

function nested(data: Float32Array, tokens: number): readonly (readonly (readonly number[])[])[] {
  return Array.from({ length: data.length / sizeOf([tokens, tokens]) }, (_, head) =>
    Array.from({ length: tokens }, (_, query) => {
      const start = (head * tokens + query) * tokens
      return Array.from(data.subarray(start, start + tokens), (value) => Number(value.toPrecision(6)))
    }),
  )
}

/** A card in lines. */
export function describeCard(card: FileCard): string {
  return [
    `${card.name}, ${card.file}`,
    `family ${card.family}, task ${card.task ?? 'unknown'}, ${card.layers} layers of ${card.heads ?? 'unknown'} heads`,
    `${card.parameters.toLocaleString('en')} parameters, ${card.file_bytes.toLocaleString('en')} bytes${card.float16 ? ', float16' : ''}`,
    ...card.passes.flatMap(({ pass, changes }) => changes.map((change) => `  ${pass}: ${change}`)),
  ].join('\n')
}

/** An answer in lines: the prediction, or what each head's tokens look at most. */
export function describeAnswer({ text, tokens, answer, prediction, attention }: TextAnswer): string {
  const lines = [text, `  ${tokens.join(' ')}`]
  for (const { position, candidates: best } of prediction ?? []) {
    lines.push(position === null ? '  prediction' : `  at position ${position + 1} (${tokens[position]})`)
    for (const { label, probability, logit } of best) lines.push(`    ${share(probability)}  ${logit.toFixed(3).padStart(8)}  ${label}`)
  }
  if (prediction?.length === 0) {
    const isUnasked = answer === 'tokens'
    lines.push(isUnasked ? '  No token is masked, so nothing is asked.' : '  This model has no head that predicts; see --what attention.')
  }
  attention?.forEach((heads, layer) => {
    heads.forEach((rows, head) => {
      const looks = rows.map((row, query) => `${tokens[query]} → ${tokens[argmax(row)]}`)
      lines.push(`  head ${layer + 1}.${head + 1}: ${looks.join(', ')}`)
    })
  })
  return lines.join('\n')
}

function share(probability: number | null): string {
  return probability === null ? '' : probability.toFixed(4)
}
