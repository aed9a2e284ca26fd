// Runs a graph built in a test, on WebAssembly.

import type { Model } from '#graph/ir/graph'
import { writeModel } from '#graph/proto/write'
import type { Tensor } from '#tensor/tensor'
import { type Feeds, type GraphSession, loadRuntime } from '../runtime/session.ts'

/** The float32 outputs of a model, by name. @throws EngineError where the runtime refuses the graph */
export async function runModel(model: Model, feeds: Feeds): Promise<Readonly<Record<string, Tensor>>> {
  const names = model.graph.outputs.map(({ name }) => name)
  const session = await startGraph(model)
  try {
    return await session.run(feeds, names)
  } finally {
    await session.release()
  }
}

/** A session of a model whose constants are all written into it. @throws EngineError where the runtime refuses the graph */
export async function startGraph(model: Model): Promise<GraphSession> {
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  return runtime.create({ bytes: writeModel(model), externalData: [], isHalf: false }, 'wasm')
}

/** Feeds of float32 values that are uneven and the same at every run. */
export function floats(dims: readonly number[], phase = 0): Tensor {
  const data = Float32Array.from({ length: dims.reduce((count, size) => count * size, 1) }, (_, at) => Math.sin(1 + at * 2.3 + phase))
  return { dims, data }
}
