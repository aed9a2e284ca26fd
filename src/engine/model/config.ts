// What the engine reads of a model's config.json: leniently, since most fields are needed by few models. What is needed and cannot be
// read is named by whoever needs it.

import * as v from 'valibot'
import { EngineError } from '../error.ts'
import type { InputConvention } from '../passes/feeds.ts'

/** Counts, each with what other families call the same. */
const COUNTS = {
  hidden_size: ['hidden_size', 'n_embd', 'd_model', 'dim'],
  num_attention_heads: ['num_attention_heads', 'n_head', 'n_heads', 'num_heads', 'encoder_attention_heads'],
  num_key_value_heads: ['num_key_value_heads', 'n_head_kv', 'num_kv_heads'],
  head_dim: ['head_dim', 'd_kv'],
  max_position_embeddings: ['max_position_embeddings', 'n_positions', 'max_sequence_length', 'max_seq_len', 'n_ctx', 'seq_length'],
} as const
type CountName = keyof typeof COUNTS

export interface ModelConfig extends Readonly<Record<CountName, number | null>> {
  readonly model_type: string
  readonly problem_type: string | null
  /** By the class's index. */
  readonly id2label: Readonly<Record<number, string>>
  readonly pad_token_id: number | null
  /** Tokens that end a text; empty where the file names none. */
  readonly eos_token_id: readonly number[]
  /** Counts that the file names, in a form that says nothing: a word, or a list of different numbers. */
  readonly unreadable: ReadonlySet<CountName>
}

const anything = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.unknown()),
)

/** @throws EngineError `bad-config` for what is no object */
export function parseConfig(value: unknown): ModelConfig {
  const file = parseFile(anything, value, 'config.json')
  const inner = v.safeParse(anything, file.text_config)
  const unreadable = new Set<CountName>()
  const countOf = (name: CountName): number | null => {
    // Models of several senses keep what concerns text by itself.
    const written = [file, inner.success ? inner.output : {}].flatMap((part) => COUNTS[name].map((synonym) => part[synonym] ?? null))
    const count = written.map((one) => countIn(one)).find((one) => one !== null) ?? null
    if (count === null && written.some((one) => one !== null && typeof one !== 'number')) unreadable.add(name)
    return count
  }
  const [labels, byLabel] = [labelsIn(file.id2label), labelsIn(file.label2id)]
  return {
    model_type: textIn(file.model_type) ?? 'unknown',
    problem_type: textIn(file.problem_type),
    id2label: Object.keys(labels).length > 0 ? labels : byLabel,
    pad_token_id: wholeIn(file.pad_token_id),
    eos_token_id: [file.eos_token_id].flat().flatMap((id) => wholeIn(id) ?? []),
    hidden_size: countOf('hidden_size'),
    num_attention_heads: countOf('num_attention_heads'),
    num_key_value_heads: countOf('num_key_value_heads'),
    head_dim: countOf('head_dim'),
    max_position_embeddings: countOf('max_position_embeddings'),
    unreadable,
  }
}

/** What the shapes of a decoder's caches leave open. */
export function conventionOf({
  hidden_size: width,
  num_attention_heads: queries,
  num_key_value_heads: keys,
  head_dim: stated,
  unreadable,
}: ModelConfig): InputConvention {
  const heads = keys ?? (unreadable.has('num_key_value_heads') ? null : queries)
  const shared = width !== null && queries !== null && width % queries === 0 ? width / queries : null
  const headWidth = stated ?? shared
  return {
    heads,
    headWidth,
    lacking: {
      heads: unreadable.has('num_key_value_heads') ? 'num_key_value_heads' : 'num_attention_heads',
      headWidth: width === null ? 'hidden_size' : queries === null ? 'num_attention_heads' : 'head_dim',
    },
  }
}

/** A model's JSON file in the shape that is needed of it. @throws EngineError `bad-config` */
export function parseFile<Schema extends v.GenericSchema>(schema: Schema, value: unknown, file: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value)
  if (!parsed.success) throw new EngineError('bad-config', `${file} is not what a model's ${file} looks like.`, { file })
  return parsed.output
}

/** A number, digits, or a list with one for each layer, which says something where all are equal; null for anything else. */
export function countIn(value: unknown): number | null {
  if (Array.isArray(value)) {
    const counts = new Set(value.map(countIn))
    const [only = null] = counts
    return counts.size === 1 ? only : null
  }
  const whole = wholeIn(value)
  return whole === null || whole === 0 ? null : whole
}

/** A whole number from 0 on. */
function wholeIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** Labels by index, of a list or of a table that goes either way; what names no index or no label is left out. */
function labelsIn(value: unknown): Record<number, string> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]): (readonly [number, string])[] => {
      const index = wholeIn(key)
      if (index !== null) return isLabel(entry) ? [[index, String(entry)]] : []
      const turned = wholeIn(entry)
      return turned === null ? [] : [[turned, key]]
    }),
  )
}

function isLabel(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}
