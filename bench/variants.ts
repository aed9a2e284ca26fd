// The embedded models in every form that their weights can be held in.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseManifest } from '#engine/files/manifest'
import { openModel } from '#graph/open-model'
import { EMBEDDED } from '#share/model-ref'

export interface Variant {
  readonly id: string
  /** How packed weights are held; `auto` for a file without any. */
  readonly weights: 'auto' | 'packed' | 'float32'
  /** Bytes of the graph's file and of those that hold its weights. */
  readonly fileBytes: number
}

/** @param site a folder with `models/` in it */
export function listVariants(site: string): readonly Variant[] {
  return EMBEDDED.flatMap((id): readonly Variant[] => {
    const folder = join(site, 'models', id)
    const { files } = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    const graph = files.find(({ path }) => path.endsWith('.onnx'))
    if (!graph) throw new Error(`${id} has no ONNX file`)
    const beside = files.filter(({ path }) => dirname(path) === dirname(graph.path))
    const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(join(folder, path)))
    const { weights } = openModel(bytesOf(graph.path), { external: (location) => bytesOf(join(dirname(graph.path), location)) })
    const forms = weights.unpackedBytes > weights.bytes ? (['packed', 'float32'] as const) : (['auto'] as const)
    const fileBytes = beside.reduce((sum, { size }) => sum + size, 0)
    return forms.map((form) => ({ id, weights: form, fileBytes }))
  })
}

export function titleOf({ id, weights }: Pick<Variant, 'id' | 'weights'>): string {
  return weights === 'auto' ? id : `${id}, weights ${weights === 'packed' ? 'packed' : 'unpacked to float32'}`
}
