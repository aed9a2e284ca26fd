// manifest.json of a model folder: which files there are, how long and with which hash. It comes from outside and is read as such.

import * as v from 'valibot'
import { EngineError } from '../error.ts'

export interface ManifestFile {
  /** Path inside the folder, with `/`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

export interface ModelManifest {
  readonly version: 1
  readonly name: string
  /** SPDX identifier, where it is known. */
  readonly license?: string | undefined
  readonly files: readonly ManifestFile[]
}

/** A folder in hub layout has about ten files; more is not a model. */
const MAX_FILES = 64
/** One typed array holds a file, and WebAssembly addresses no more than this. */
const MAX_FILE_BYTES = 2 ** 31
/** 64 entries of a path, a number and a hash stay far below. */
const MAX_MANIFEST_CHARACTERS = 65_536

const fileSchema = v.object({
  path: v.pipe(v.string(), v.regex(/^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[\w.@+-]+(?:\/[\w.@+-]+)*$/)),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_FILE_BYTES)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
})
const manifestSchema = v.object({
  version: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  license: v.optional(v.pipe(v.string(), v.maxLength(100))),
  files: v.pipe(v.array(fileSchema), v.minLength(1), v.maxLength(MAX_FILES)),
})

/** @throws EngineError `manifest-unreadable` with data { reason } */
export function parseManifest(text: string): ModelManifest {
  if (text.length > MAX_MANIFEST_CHARACTERS) throw unreadable(`longer than ${MAX_MANIFEST_CHARACTERS} characters`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw unreadable('not JSON')
  }
  const parsed = v.safeParse(manifestSchema, json)
  if (!parsed.success) throw unreadable(v.flatten(parsed.issues).root?.[0] ?? v.getDotPath(parsed.issues[0]) ?? 'unknown shape')
  return parsed.output
}

function unreadable(reason: string): EngineError {
  return new EngineError('manifest-unreadable', `manifest.json cannot be read: ${reason}`, { reason })
}
