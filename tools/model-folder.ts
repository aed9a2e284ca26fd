// Opens a model folder in Node with the same engine as the page's, on WASM.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseManifest } from '#engine/files/manifest'
import { type LoadedModel, startModel } from '#engine/model'
import { loadRuntime } from '#engine/session'

export interface OpenedFolder {
  readonly name: string
  /** SHA-256 of the ONNX file. */
  readonly fingerprint: string
  readonly model: LoadedModel
}

/** @param folder a model in hub layout with a manifest.json */
export async function openModelFolder(folder: string): Promise<OpenedFolder> {
  const read = (path: string): Uint8Array => new Uint8Array(readFileSync(join(folder, path)))
  const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'))
  const { name, files } = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const graph = files.find(({ path }) => path.endsWith('.onnx'))
  if (!graph) throw new Error(`${folder} has no ONNX file`)
  const model = await startModel(
    {
      name,
      fingerprint: graph.sha256,
      onnx: read(graph.path),
      config: json('config.json'),
      tokenizer: json('tokenizer.json'),
      tokenizerConfig: json('tokenizer_config.json'),
      checked: 'size',
      kept: 'unavailable',
    },
    'wasm',
    {
      adapter: async () => 'no-webgpu',
      threads: 1,
      isolated: false,
      assets: null,
      notes: { read: async () => null, write: async () => {} },
      loadRuntime,
    },
    () => {},
  )
  return { name, fingerprint: graph.sha256, model }
}
