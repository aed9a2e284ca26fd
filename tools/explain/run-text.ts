// The text form: what the page shows, as data for --json and as lines for a person.

import { buildFeeds, inputRow } from '#engine/passes/feeds'
import type { ModelTokenizer } from '#engine/text/tokenizer'
import { softmax } from '#tensor/softmax'
import type { Tensor } from '#tensor/tensor'
import { argmax } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import type { View } from './arguments.ts'
import type { FileCard, OpenedFile } from './open-file.ts'

/** Answers that are listed for a vocabulary. */
const LISTED = 10

interface Candidate {
  readonly label: string
  readonly logit: number
  readonly probability: number
}

export interface TextAnswer {
  readonly text: string
  readonly tokens: readonly string[]
  /** Classes, or the likeliest tokens at each position that the model is asked about; absent for a model without a head. */
  readonly prediction?: readonly { readonly position: number | null; readonly candidates: readonly Candidate[] }[]
  /** [layer][head][query][key] */
  readonly attention?: readonly (readonly (readonly (readonly number[])[])[])[]
}

/** @throws EngineError */
export async function runText(opened: OpenedFile, text: string, what: Exclude<View, 'card' | 'tokens'>): Promise<TextAnswer> {
  const { prepared, session, layout } = opened
  const tokenizer = await opened.tokenizer()
  const row = tokenizer.encode(text)
  const { logits, attentions } = prepared.outputs
  const results = await session.run(buildFeeds(prepared.inputs, inputRow(row.tokens), layout), [
    logits,
    ...(what === 'attention' ? attentions : []),
  ])
  const answer = { text, tokens: row.tokens.map(({ piece }) => piece) }
  if (what === 'attention') return { ...answer, attention: attentions.map((name) => nested(results[name])) }
  return { ...answer, prediction: predictionOf(opened, results[logits], row, tokenizer) }
}

function predictionOf(
  opened: OpenedFile,
  tensor: Tensor | undefined,
  row: TokenRow,
  tokenizer: ModelTokenizer,
): NonNullable<TextAnswer['prediction']> {
  const { task } = opened.prepared
  const width = tensor?.dims.at(-1) ?? 0
  if (!tensor || task === 'hidden') return []
  if (task === 'classifier') {
    return [{ position: null, candidates: candidates(tensor.data, (id) => opened.config.id2label[id] ?? `class ${id}`) }]
  }
  const masks = row.tokens.flatMap(({ id }, position) => (id === tokenizer.mask?.id ? [position] : []))
  const positions = masks.length > 0 ? masks : [row.tokens.length - 1]
  return positions.map((position) => ({
    position,
    candidates: candidates(tensor.data.slice(position * width, (position + 1) * width), (id) => tokenizer.pieceOf(id) ?? `token ${id}`),
  }))
}

function candidates(logits: Float32Array, label: (id: number) => string): readonly Candidate[] {
  const probabilities = softmax(logits)
  return Array.from(logits, (logit, id) => ({ id, logit }))
    .sort((one, other) => other.logit - one.logit)
    .slice(0, LISTED)
    .map(({ id, logit }) => ({ label: label(id), logit, probability: probabilities[id] ?? 0 }))
}

function nested(tensor: Tensor | undefined): readonly (readonly (readonly number[])[])[] {
  const [queries = 0, keys = 0] = tensor?.dims.slice(-2) ?? []
  const data = tensor?.data ?? new Float32Array()
  const heads = queries * keys === 0 ? 0 : data.length / (queries * keys)
  return Array.from({ length: heads }, (_, head) =>
    Array.from({ length: queries }, (_, query) => {
      const start = (head * queries + query) * keys
      return Array.from(data.subarray(start, start + keys), (value) => Number(value.toPrecision(6)))
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
export function describeAnswer({ text, tokens, prediction, attention }: TextAnswer): string {
  const lines = [text, `  ${tokens.join(' ')}`]
  for (const { position, candidates: best } of prediction ?? []) {
    lines.push(position === null ? '  prediction' : `  at position ${position + 1} (${tokens[position]})`)
    for (const { label, probability, logit } of best) lines.push(`    ${probability.toFixed(4)}  ${logit.toFixed(3).padStart(8)}  ${label}`)
  }
  if (prediction?.length === 0) lines.push('  This model has no head that predicts; see --what attention.')
  attention?.forEach((heads, layer) => {
    heads.forEach((rows, head) => {
      const looks = rows.map((row, query) => `${tokens[query]} → ${tokens[argmax(row)]}`)
      lines.push(`  head ${layer + 1}.${head + 1}: ${looks.join(', ')}`)
    })
  })
  return lines.join('\n')
}
