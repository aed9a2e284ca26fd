// A model as the runtime takes it: a small graph, and the buffers that it points into.

import type { Model } from './ir/graph.ts'
import type { ExternalData } from './proto/external-data.ts'
import { isExternalised, writeModel } from './proto/write.ts'

/** A model as files in memory. */
export interface PackedModel {
  /** The graph, serialised; it refers to `externalData` for its weights. */
  readonly bytes: Uint8Array
  /** The original file, the files it refers to, and unpacked weights: only those that the graph uses. */
  readonly externalData: readonly ExternalData[]
}

/** @param buffers the files that the model was read from */
export function packModel(model: Model, buffers: readonly ExternalData[]): PackedModel {
  const externalData = gatherBuffers(model, buffers)
  return { bytes: writeModel(model, externalData), externalData }
}

/** The buffers that the graph's large constants are in: those given, where used, and one more for each made by a pass. */
function gatherBuffers(model: Model, given: readonly ExternalData[]): readonly ExternalData[] {
  const large = model.graph.initializers.filter(isExternalised)
  const homes = new Set(large.flatMap(({ storage }) => (storage.kind === 'bytes' ? [storage.bytes.buffer] : [])))
  const known = new Set(given.map(({ data }) => data.buffer))
  const made = Array.from(homes).filter((buffer) => !known.has(buffer))
  return [
    ...given.filter(({ data }) => homes.has(data.buffer)),
    ...made.map((buffer, place) => ({ path: `innerscope/weights-${place}.bin`, data: new Uint8Array(buffer) })),
  ]
}
