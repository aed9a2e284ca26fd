// One operation in a worker that has done nothing before, as the page's worker has not: read, rewritten, instrumented and written.

import { openModel } from '#graph/open-model'
import { type InstrumentedModel, instrumentModel, tapModel } from '#graph/prepare'
import { readModel } from '#graph/proto/read'
import { fetchModel } from './model-files.ts'

export interface Operation {
  /** Milliseconds: reading and rewriting; adding what explanations need, and writing. */
  readonly openMs: number
  readonly instrumentMs: number
  /** Milliseconds that the second takes when weights are unpacked to float32, beyond its own; null for files without packed weights. */
  readonly unpackMs: number | null
  /** Bytes of the file's graph with what it holds inside, and of the new graph. */
  readonly graphBytes: number
  readonly newGraphBytes: number
  /** Of the file as it is; after rewriting; after instrumenting. */
  readonly nodes: readonly [number, number, number]
  /** Outputs that were added. */
  readonly taps: number
}

const OPTIONS = { weights: 'packed', pickPositions: true } as const

addEventListener('message', ({ data }: MessageEvent<string>) => {
  // A rejection would reach nobody.
  operate(new URL(data)).then(postMessage, (error: unknown) => postMessage(String(error)))
})

/** @param base the model's folder, ending in `/`; fetching it is not timed */
async function operate(base: URL): Promise<Operation> {
  const { files } = await fetchModel(base)
  const start = performance.now()
  const opened = openModel(files.onnx, files)
  const read = performance.now()
  const prepared = instrumentModel(opened, OPTIONS)
  const done = performance.now()
  const hasPacked = opened.weights.unpackedBytes > opened.weights.bytes
  if (hasPacked) instrumentModel(opened, { ...OPTIONS, weights: 'float32' })
  const unpacked = performance.now()
  const tapped = tapModel(opened, OPTIONS)
  return {
    openMs: read - start,
    instrumentMs: done - read,
    unpackMs: hasPacked ? unpacked - done - (done - read) : null,
    graphBytes: files.onnx.byteLength,
    newGraphBytes: prepared.bytes.byteLength,
    nodes: [readModel(files.onnx, files.external).model.graph.nodes.length, opened.model.graph.nodes.length, nodesOf(tapped)],
    taps: tapped.model.graph.outputs.length - opened.model.graph.outputs.length,
  }
}

function nodesOf({ model }: InstrumentedModel): number {
  return model.graph.nodes.length
}
