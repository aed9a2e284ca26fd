// What the engine reads of a model's config.json.

import * as v from 'valibot'
import { EngineError } from '../error.ts'
import type { CacheLayout } from '../passes/feeds.ts'

/** Some families write null for what they do not have. */
const positive = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)))
const configSchema = v.object({
  model_type: v.optional(v.string(), 'unknown'),
  hidden_size: positive,
  num_attention_heads: positive,
  num_key_value_heads: positive,
  head_dim: positive,
  // What other families call the same.
  n_embd: positive,
  d_model: positive,
  n_head: positive,
  n_heads: positive,
  max_position_embeddings: positive,
  problem_type: v.optional(v.nullable(v.string())),
  id2label: v.optional(v.record(v.string(), v.string()), {}),
})

export type ModelConfig = v.InferOutput<typeof configSchema>

/** @throws EngineError `bad-config` */
export function parseConfig(value: unknown): ModelConfig {
  return parseFile(configSchema, value, 'config.json')
}

/** What the shapes of a decoder's caches leave open. */
export function cacheLayoutOf(config: ModelConfig): CacheLayout {
  const width = config.hidden_size ?? config.n_embd ?? config.d_model
  const heads = config.num_attention_heads ?? config.n_head ?? config.n_heads
  const headWidth = typeof width !== 'number' || typeof heads !== 'number' || width % heads !== 0 ? null : width / heads
  return { heads: config.num_key_value_heads ?? heads ?? null, headWidth: config.head_dim ?? headWidth }
}

/** A model's JSON file in the shape that is needed of it. @throws EngineError `bad-config` */
export function parseFile<Schema extends v.GenericSchema>(schema: Schema, value: unknown, file: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value)
  if (!parsed.success) throw new EngineError('bad-config', `${file} is not what a model's ${file} looks like.`, { file })
  return parsed.output
}
