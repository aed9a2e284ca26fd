// A model file of a folder in hub layout, rewritten and started in Node on WASM.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { cacheLayoutOf, type ModelConfig, parseConfig } from '#engine/config'
import { EngineError } from '#engine/error'
import type { CacheLayout } from '#engine/feeds'
import { type GraphSession, loadRuntime } from '#engine/session'
import { createTokenizer, type ModelTokenizer } from '#engine/tokenizer'
import { type PreparedModel, prepareModel } from '#graph/prepare'

export interface OpenedFile {
  readonly prepared: PreparedModel
  readonly session: GraphSession
  readonly config: ModelConfig
  readonly layout: CacheLayout
  readonly card: FileCard
  /** @throws EngineError `file-missing` when the folder has no tokenizer */
  tokenizer(): ModelTokenizer
}

/** What is known of a file, for reports. */
export interface FileCard {
  readonly name: string
  readonly file: string
  readonly family: string
  readonly task: string | null
  readonly layers: number
  readonly heads: number | null
  readonly parameters: number
  readonly file_bytes: number
  readonly float16: boolean
  readonly passes: PreparedModel['passes']
}

/** Where a tokenizer names no length. */
const DEFAULT_MAX_TOKENS = 512

/** The files of a folder that some patterns name, or the only one that it has. @throws EngineError `file-missing` */
export function filesOf(folder: string, patterns: readonly string[]): readonly string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new EngineError('file-missing', `There is no folder ${folder}.`, { path: folder })
  }
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.onnx'))
    .sort()
  if (patterns.length === 0) {
    const [only] = all
    if (all.length === 1 && only) return [only]
    throw new EngineError('file-missing', `${folder} has ${all.length} ONNX files: name one with --file.`, { path: folder })
  }
  return patterns.flatMap((pattern) => {
    const path = relative(folder, resolve(folder, pattern)).split(sep).join('/')
    if (existsSync(join(folder, path))) return [path]
    const found = all.filter((candidate) => globOf(path).test(candidate))
    if (found.length === 0) throw new EngineError('file-missing', `${folder} has no file ${pattern}.`, { path: pattern })
    return found
  })
}

/** `*` and `?` stay within a folder, `**` goes through them. */
function globOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*|\?)/).map((part) => {
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : part.replace(/[\\^$.|+()[\]{}]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}

/** @throws GraphError, EngineError */
export async function openFile(folder: string, file: string): Promise<OpenedFile> {
  const path = join(folder, file)
  const bytes = new Uint8Array(readFileSync(path))
  const config = parseConfig(readJson(folder, 'config.json') ?? {})
  const prepared = prepareModel(bytes, { external: (location) => besides(path, location) })
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const session = await runtime.create(prepared, 'wasm')
  return {
    prepared,
    session,
    config,
    layout: cacheLayoutOf(config),
    card: {
      name: basename(resolve(folder)),
      file,
      family: config.model_type,
      task: prepared.task,
      layers: prepared.outputs.attentions.length,
      heads: prepared.heads ?? config.num_attention_heads ?? null,
      parameters: prepared.weights.parameters,
      file_bytes: bytes.byteLength,
      float16: prepared.isHalf,
      passes: prepared.passes,
    },
    tokenizer: () => openTokenizer(folder, config),
  }
}

/** A second file of the model, which must lie in its folder. */
function besides(model: string, location: string): Uint8Array | undefined {
  const path = resolve(dirname(model), location)
  if (relative(dirname(resolve(model)), path).startsWith('..') || !existsSync(path)) return undefined
  return new Uint8Array(readFileSync(path))
}

function openTokenizer(folder: string, config: ModelConfig): ModelTokenizer {
  const tokenizer = readJson(folder, 'tokenizer.json')
  if (!tokenizer) throw new EngineError('file-missing', `${folder} has no tokenizer.json.`, { path: 'tokenizer.json' })
  const settings = readJson(folder, 'tokenizer_config.json') ?? {}
  const named =
    'model_max_length' in settings && typeof settings.model_max_length === 'number' ? settings.model_max_length : DEFAULT_MAX_TOKENS
  return createTokenizer(tokenizer, settings, Math.min(config.max_position_embeddings ?? DEFAULT_MAX_TOKENS, named))
}

function readJson(folder: string, name: string): object | null {
  const path = join(folder, name)
  if (!existsSync(path)) return null
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below, in one sentence for both.
  }
  throw new EngineError('bad-config', `${path} is not a JSON object.`, { file: name })
}
