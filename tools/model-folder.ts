// Opens a model folder in Node with the same engine as the page's, on WASM.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseManifest } from '#engine/files/manifest'
import { modelFilesIn } from '#engine/model/hub-layout'
import { type LoadedModel, startModel } from '#engine/model/model'
import type { Wishes } from '#engine/runtime/backend'
import { NODE_ENVIRONMENT } from './node-environment.ts'

export interface OpenedFolder {
  readonly name: string
  /** SHA-256 of the ONNX file. */
  readonly fingerprint: string
  readonly model: LoadedModel
}

/** @param folder a model in hub layout with a manifest.json; @param wishes how packed weights are held, and whether a large model has gradients */
export async function openModelFolder(folder: string, wishes: Partial<Omit<Wishes, 'backend'>> = {}): Promise<OpenedFolder> {
  const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const graph = manifest.files.find(({ path }) => path.endsWith('.onnx'))
  if (!graph) throw new Error(`${folder} has no ONNX file`)
  const files = new Map(manifest.files.map(({ path }) => [path, new Uint8Array(readFileSync(join(folder, path)))]))
  const { name, license = null } = manifest
  const meta = { name, fingerprint: graph.sha256, file: graph.path, license, checked: 'size', kept: 'unavailable' } as const
  const model = await startModel(modelFilesIn(files, meta), { weights: 'auto', ...wishes, backend: 'wasm' }, NODE_ENVIRONMENT, () => {})
  return { name, fingerprint: graph.sha256, model }
}
