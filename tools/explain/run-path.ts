// The way from a token to the answer, and what one head computes on it.

import type { HeadDetail, InferencePath } from '#features/inside/api.ts'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { PathQuestion } from './question.ts'
import { tokenAt } from './run-edits.ts'
import { quoted, rounded } from './subject.ts'

/** Lengths (L2 norms) at the position; null where a part was not recognised. */
interface PathLayer {
  readonly stream: number | null
  readonly attention: number | null
  readonly mlp: number | null
  readonly heads: readonly number[] | null
  readonly cosine_to_last: number | null
}

/** From the asked position to every key. */
interface HeadAnswer {
  readonly layer: number
  readonly head: number
  readonly form: HeadDetail['form']
  readonly factor: number | null
  /** c of c x tanh(factor x q.k / c); null where the scores are not capped. */
  readonly cap: number | null
  readonly factor_before: number
  readonly head_width: number
  /** Heads with the same keys and values. */
  readonly shares_with: readonly number[]
  readonly q_dot_k: readonly number[]
  /** What the softmax gets; null where masked. */
  readonly scores: readonly (number | null)[]
  readonly added: readonly (number | null)[]
  readonly weights: readonly number[]
  readonly output: readonly number[]
  /** Over all positions, relative to the largest weight and output. */
  readonly recomputed_error: { readonly weights: number; readonly output: number }
}

export interface PathAnswer {
  readonly text: string
  readonly tokens: readonly string[]
  /** From 0. */
  readonly position: number
  readonly token_id: number
  readonly embedding: number | null
  readonly layers: readonly PathLayer[]
  /** Of the stream where it ends, and after the final norm. */
  readonly last: number | null
  readonly final_norm: number | null
  readonly answer: readonly { readonly label: string; readonly logit: number; readonly probability: number | null }[] | null
  readonly head?: HeadAnswer
}

/** @throws EngineError `no-parts`, `no-such-target`, `no-such-token`, `run-failed` */
export async function runPath(opened: OpenedEngine, text: string, { at, head }: PathQuestion): Promise<PathAnswer> {
  const input = { text, edits: [] }
  const silent = listening(() => undefined)
  const asked = at === null ? null : tokenAt((await opened.run(input)).row, at)
  const path = await opened.engine.inferencePath({ input, position: asked }, silent)
  const { position, tokens, norms } = path
  const lengthAt = (layer: number): number | null => orNull(norms[layer * tokens.length + position])
  return {
    text,
    tokens: tokens.map(({ piece }) => piece),
    position,
    token_id: tokens[position]?.id ?? -1,
    embedding: orNull(path.embedding),
    layers: path.layers.map(({ attention, mlp, heads }, layer) => ({
      stream: lengthAt(layer),
      attention: orNull(attention),
      mlp: orNull(mlp),
      heads: heads?.map(rounded) ?? null,
      cosine_to_last: orNull(path.cosines[layer]),
    })),
    last: lengthAt(path.layers.length),
    final_norm: orNull(path.final),
    answer:
      path.answer?.map(({ label, logit, probability }) => ({ label, logit: rounded(logit), probability: orNull(probability) })) ?? null,
    ...(head === null ? {} : { head: headAt(await opened.engine.headDetail({ input, ...head }, silent), path) }),
  }
}

function headAt(detail: HeadDetail, { position, tokens }: InferencePath): HeadAnswer {
  const { layer, head, form, factor, before, width, valueWidth, group, gaps } = detail
  const row = (values: Float32Array | Float64Array): readonly number[] =>
    Array.from(values.subarray(position * tokens.length, (position + 1) * tokens.length), rounded)
  const seen = (values: Float32Array | Float64Array) => row(values).map((value) => (Number.isFinite(value) ? value : null))
  return {
    layer,
    head,
    form,
    factor,
    cap: detail.cap,
    factor_before: before,
    head_width: width,
    shares_with: group.heads.filter((other) => other !== head),
    q_dot_k: row(detail.products),
    scores: seen(detail.scores),
    added: seen(detail.added),
    weights: row(detail.weights),
    output: Array.from(detail.output.subarray(position * valueWidth, (position + 1) * valueWidth), rounded),
    recomputed_error: gaps,
  }
}

function orNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) ? null : rounded(value)
}

/** Candidates that are listed for a person. */
const LISTED = 5

export function describePath({
  text,
  tokens,
  position,
  token_id: id,
  embedding,
  layers,
  last,
  final_norm: final,
  answer,
  head,
}: PathAnswer): string {
  const number = (value: number | null): string => (value === null ? '-' : value.toFixed(3)).padStart(10)
  const lines = layers.map(({ stream, attention, mlp, heads, cosine_to_last: cosine }, layer) => {
    const most =
      heads === null || heads.length === 0 ? '' : `  head ${layer}.${heads.indexOf(Math.max(...heads))} ${Math.max(...heads).toFixed(3)}`
    return `  ${String(layer).padStart(5)} ${[stream, attention, mlp, cosine].map(number).join('')}${most}`
  })
  return [
    text,
    `  at position ${position + 1} (${tokens[position]}, id ${id}); lengths of vectors; layers and heads from 0`,
    `  embedding ${number(embedding).trim()}`,
    `  layer ${['stream', 'attention', 'MLP', 'cosine'].map((name) => name.padStart(10)).join('')}  most by`,
    ...lines,
    `   last ${number(last)}${final === null ? '' : `   after the final norm ${number(final).trim()}`}`,
    ...(answer ?? []).slice(0, LISTED).map(({ label, logit, probability }) => {
      return `  ${logit.toFixed(3).padStart(8)}  ${probability === null ? '' : `${probability.toFixed(4)}  `}${quoted(label)}`
    }),
    ...(head === undefined ? [] : describeHead(head, tokens, position)),
  ].join('\n')
}

function describeHead(head: HeadAnswer, tokens: readonly string[], position: number): readonly string[] {
  const { layer, form, factor, cap, factor_before: before, head_width: width, shares_with: others, recomputed_error: error } = head
  const shares = others.length === 0 ? '' : `; keys and values are those of heads ${others.join(', ')} too`
  const formula =
    factor === null
      ? 'the scores are another function of q.k'
      : `scores = ${cap === null ? `${factor.toFixed(6)} x q.k` : `${cap} x tanh(${factor.toFixed(6)} x q.k / ${cap})`}${form === 'biased' ? ' + what the model adds' : ''}`
  const number = (value: number | null | undefined): string => (value == null ? 'masked' : value.toFixed(4)).padStart(10)
  return [
    `  head ${layer}.${head.head}, width ${width}${shares}`,
    `  ${formula}; 1/sqrt(${width}) = ${(1 / Math.sqrt(width)).toFixed(6)}${before === 1 ? '' : `, of which ${before.toFixed(6)} is in q and k`}`,
    `  ${['q.k', ...(form === 'biased' ? ['added'] : []), 'score', 'weight'].map((name) => name.padStart(10)).join('')}`,
    ...tokens.map((token, at) => {
      const added = form === 'biased' ? number(head.added[at]) : ''
      return `  ${number(head.q_dot_k[at])}${added}${number(head.scores[at])}${number(head.weights[at])}  ${at === position ? '* ' : ''}${token}`
    }),
    `  recomputed from q, k and v: weights within ${error.weights.toExponential(1)}, output within ${error.output.toExponential(1)} of the model's`,
  ]
}
