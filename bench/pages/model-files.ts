// A model's files from the site, as the engine and as onnxruntime-web want them.

import { parseManifest } from '#engine/files/manifest'
import { modelFilesIn } from '#engine/model/hub-layout'
import type { ModelFiles } from '#engine/model/model'

export interface FetchedModel {
  readonly files: ModelFiles
  /** The files beside the graph that hold its weights, by the names that the graph knows them by. */
  readonly data: readonly { readonly path: string; readonly data: Uint8Array }[]
}

/** @param base the model's folder, ending in `/` */
export async function fetchModel(base: URL): Promise<FetchedModel> {
  const manifest = parseManifest(await (await fetchFile(base, 'manifest.json')).text())
  const fetched = await Promise.all(
    manifest.files.map(async ({ path }) => [path, new Uint8Array(await (await fetchFile(base, path)).arrayBuffer())] as const),
  )
  const graph = manifest.files.find(({ path }) => path.endsWith('.onnx'))
  if (!graph) throw new Error(`${base.pathname} has no ONNX file`)
  const folder = graph.path.slice(0, graph.path.lastIndexOf('/') + 1)
  return {
    files: modelFilesIn(new Map(fetched), {
      name: manifest.name,
      fingerprint: graph.sha256,
      file: graph.path,
      license: null,
      checked: 'size',
      kept: 'unavailable',
    }),
    data: fetched
      .filter(([path]) => path !== graph.path && folder !== '' && path.startsWith(folder))
      .map(([path, data]) => ({ path: path.slice(folder.length), data })),
  }
}

async function fetchFile(base: URL, path: string): Promise<Response> {
  const response = await fetch(new URL(path, base))
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response
}
