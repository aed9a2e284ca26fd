// A model, started: its tokenizer, its rewritten graph in a session, and one method that runs a token row.

import * as v from 'valibot'
import { prepareModel } from '#graph/prepare'
import type { Backend, ModelCard } from '#protocol/engine-api'
import { softmax } from '#tensor/softmax'
import { sizeOf } from '#tensor/tensor'
import type { TokenRow } from '#text/token'
import type { BackendEnvironment } from './backend.ts'
import { startSession } from './backend.ts'
import { cacheLayoutOf, parseConfig, parseFile } from './config.ts'
import { EngineError } from './error.ts'
import { buildFeeds } from './feeds.ts'
import type { Run } from './run-cache.ts'
import type { Feeds } from './session.ts'
import { createTokenizer, type ModelTokenizer } from './tokenizer.ts'

/** A model's files in hub layout, by path. */
export interface ModelFiles {
  readonly name: string
  /** SHA-256 of the ONNX file, hexadecimal: the model's identity. */
  readonly fingerprint: string
  readonly onnx: Uint8Array
  readonly config: unknown
  readonly tokenizer: unknown
  readonly tokenizerConfig: unknown
  /** How the files were checked and whether they are kept, for the model's card. */
  readonly checked: ModelCard['checked']
  readonly kept: ModelCard['kept']
}

export interface LoadedModel {
  readonly card: ModelCard
  readonly tokenizer: ModelTokenizer
  run(row: TokenRow): Promise<Run>
}

const tokenizerConfigSchema = v.object({ model_max_length: v.optional(v.number()) })

/** Where neither file names a length: what BERT's positions allow. */
const DEFAULT_MAX_TOKENS = 512
/** A sentence on which WebGPU is compared with WASM; any ordinary one serves. */
const SELF_CHECK_TEXT = 'A short sentence, written only to compare two backends with each other.'

/**
 * Rewrites the graph and starts it.
 * @throws GraphError when the file is damaged or has no attention
 * @throws EngineError `bad-config`, `unknown-input`, `runtime-failed`, `session-failed`
 */
export async function startModel(
  files: ModelFiles,
  wanted: Backend | 'auto',
  environment: BackendEnvironment,
  onStage: (stage: 'prepare' | 'start' | 'self-check') => void,
): Promise<LoadedModel> {
  const config = parseConfig(files.config)
  const { model_max_length = DEFAULT_MAX_TOKENS } = parseFile(tokenizerConfigSchema, files.tokenizerConfig, 'tokenizer_config.json')
  const maxTokens = Math.min(config.max_position_embeddings ?? DEFAULT_MAX_TOKENS, model_max_length)
  const tokenizer = createTokenizer(asObject(files.tokenizer), asObject(files.tokenizerConfig), maxTokens)

  onStage('prepare')
  const prepared = prepareModel(files.onnx)
  const layout = cacheLayoutOf(config)
  const feedsFor = (row: TokenRow): Feeds => buildFeeds(prepared.inputs, { ids: row.tokens.map(({ id }) => id) }, layout)
  onStage('start')
  const check = {
    key: files.fingerprint,
    feeds: feedsFor(tokenizer.encode(SELF_CHECK_TEXT)),
    logits: prepared.outputs.logits,
  }
  const { session, report } = await startSession(prepared, wanted, check, environment, () => onStage('self-check'))

  const { logits: logitsName, attentions } = prepared.outputs
  const outputs = [logitsName, ...attentions]
  const labelsOf = (classes: number): string[] => Array.from({ length: classes }, (_, i) => config.id2label[i] ?? `class ${i}`)
  const run = async (row: TokenRow): Promise<Run> => {
    const started = performance.now()
    const results = await session.run(feedsFor(row), outputs)
    const runMs = performance.now() - started
    const logits = results[logitsName]?.data ?? new Float32Array()
    return {
      row,
      prediction: { labels: labelsOf(logits.length), logits, probabilities: softmax(logits) },
      attention: {
        tokens: row.tokens.length,
        layers: attentions.map((name) => {
          const { dims, data } = results[name] ?? { dims: [0, 0, 0], data: new Float32Array() }
          // [1, H, T, T], or [H, T, T] where the export folds batch and heads.
          return { heads: sizeOf(dims.slice(0, -2)), data }
        }),
      },
      precomputed: false,
      runMs,
    }
  }
  const probe = await run(tokenizer.encode(SELF_CHECK_TEXT))
  return {
    tokenizer,
    run,
    card: {
      name: files.name,
      family: config.model_type,
      labels: probe.prediction.labels,
      layers: attentions.length,
      heads: probe.attention.layers[0]?.heads ?? 0,
      hiddenSize: config.hidden_size ?? 0,
      maxTokens,
      maskToken: tokenizer.mask?.piece ?? null,
      fileBytes: files.onnx.byteLength,
      checked: files.checked,
      kept: files.kept,
      parameters: prepared.parameters,
      backend: report,
      passes: prepared.passes,
    },
  }
}

function asObject(value: unknown): object {
  if (typeof value === 'object' && value !== null) return value
  throw new EngineError('bad-config', 'A tokenizer file is not an object.', { file: 'tokenizer.json' })
}
