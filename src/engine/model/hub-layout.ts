// A model's files by their paths, as hubs lay them out: the graph anywhere, its data files beside it, the others at the top.
// Files that a reader chose from a disk may have lost their folders, so a path may stand for a file of that name alone.

import { EngineError } from '../error.ts'
import type { ModelFiles } from './model.ts'

/** What is known of files beside their contents. */
export type FilesMeta = Pick<ModelFiles, 'name' | 'fingerprint' | 'file' | 'license' | 'checked' | 'kept'>

/** @throws EngineError `file-missing`, `bad-config` */
export function modelFilesIn(files: ReadonlyMap<string, Uint8Array>, meta: FilesMeta): ModelFiles {
  const onnx = fileAt(files, meta.file)
  if (!onnx) throw new EngineError('file-missing', `The model has no ${meta.file}.`, { path: meta.file })
  const folder = meta.file.includes('/') ? meta.file.slice(0, meta.file.lastIndexOf('/') + 1) : ''
  const external = (location: string): Uint8Array | undefined => fileAt(files, folder + location.replace(/^\.\//, ''))
  const json = (path: string): unknown => {
    const bytes = fileAt(files, path)
    return bytes === undefined ? undefined : parseJson(bytes, path)
  }
  const tokenizer = json('tokenizer.json')
  if (tokenizer === undefined) throw new EngineError('no-tokenizer', 'The model has no tokenizer.json.', { path: 'tokenizer.json' })
  const template = fileAt(files, 'chat_template.jinja')
  return {
    ...meta,
    onnx,
    external,
    fileBytes: onnx.byteLength + dataBytes(files, folder),
    config: json('config.json') ?? {},
    tokenizer,
    tokenizerConfig: json('tokenizer_config.json') ?? {},
    chatTemplate: template === undefined ? null : new TextDecoder().decode(template),
  }
}

/** The file at a path, or the only one of its name. */
function fileAt(files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array | undefined {
  const exact = files.get(path)
  if (exact) return exact
  const name = nameOf(path)
  const same = [...files.keys()].filter((candidate) => nameOf(candidate) === name)
  return same.length === 1 ? files.get(same[0] ?? '') : undefined
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Other graphs of the folder are models of their own; what is left beside them holds weights, or is too small to matter. */
function dataBytes(files: ReadonlyMap<string, Uint8Array>, folder: string): number {
  let sum = 0
  for (const [path, { byteLength }] of files) {
    const beside = path.startsWith(folder) && !path.slice(folder.length).includes('/')
    if (beside && !/\.(?:onnx|json|txt|jinja|md)$/.test(path)) sum += byteLength
  }
  return sum
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new EngineError('bad-config', `${file} is not JSON.`, { file })
  }
}
