// What the engine reads of a model's config.json.

import * as v from 'valibot'
import { EngineError } from './error.ts'
import type { CacheLayout } from './feeds.ts'

const positive = v.pipe(v.number(), v.integer(), v.minValue(1))
const configSchema = v.object({
  model_type: v.optional(v.string(), 'unknown'),
  hidden_size: v.optional(positive),
  num_attention_heads: v.optional(positive),
  num_key_value_heads: v.optional(positive),
  head_dim: v.optional(v.nullable(positive)),
  max_position_embeddings: v.optional(positive),
  problem_type: v.optional(v.nullable(v.string())),
  id2label: v.optional(v.record(v.string(), v.string()), {}),
})

export type ModelConfig = v.InferOutput<typeof configSchema>

/** @throws EngineError `bad-config` */
export function parseConfig(value: unknown): ModelConfig {
  return parseFile(configSchema, value, 'config.json')
}

/** What the shapes of a decoder's caches leave open. */
export function cacheLayoutOf({ hidden_size: width, num_attention_heads: heads, num_key_value_heads, head_dim }: ModelConfig): CacheLayout {
  return {
    heads: num_key_value_heads ?? heads ?? null,
    headWidth: head_dim ?? (width === undefined || heads === undefined ? null : width / heads),
  }
}

/** A model's JSON file in the shape that is needed of it. @throws EngineError `bad-config` */
export function parseFile<Schema extends v.GenericSchema>(schema: Schema, value: unknown, file: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value)
  if (!parsed.success) throw new EngineError('bad-config', `${file} is not what a model's ${file} looks like.`, { file })
  return parsed.output
}
