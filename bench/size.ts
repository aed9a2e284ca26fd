// Bytes: the scripts before the first view, and apart from them the runtime and the model.

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { firstView } from '../tools/first-view.ts'

export interface FileSize {
  readonly file: string
  readonly bytes: number
  readonly gzip: number
}

export interface Sizes {
  readonly firstView: readonly FileSize[]
  readonly runtime: readonly FileSize[]
  readonly model: FileSize
}

export function measureSizes(site: string): Sizes {
  const runtime = ['', '.jspi', '.asyncify'].map((kind) => sizeOf(join(site, `ort/ort-wasm-simd-threaded${kind}.wasm`)))
  return {
    firstView: firstView(site).map(sizeOf),
    runtime,
    model: sizeOf(join(site, 'models/minilm-sst2/onnx/model_quantized.onnx')),
  }
}

function sizeOf(path: string): FileSize {
  const bytes = readFileSync(path)
  return { file: basename(path), bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
}
