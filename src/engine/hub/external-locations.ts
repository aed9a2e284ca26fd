// The second files that an ONNX file keeps its weights in, as it names them itself.

import { fromBinary } from '@bufbuild/protobuf'
import { TensorProto_DataLocation as DataLocation, type GraphProto, ModelProtoSchema, type TensorProto } from 'onnx-buf'

/**
 * Paths, relative to the file's folder. Empty for what is not ONNX: whoever opens it says so.
 * @param file is read where it lies; weights are not copied
 */
export function externalLocations(file: Uint8Array): readonly string[] {
  try {
    const { graph } = fromBinary(ModelProtoSchema, file)
    return graph ? [...new Set(locationsIn(graph))] : []
  } catch {
    return []
  }
}

function* locationsIn(graph: GraphProto): Generator<string> {
  for (const tensor of graph.initializer) yield* locationOf(tensor)
  for (const { attribute } of graph.node) {
    for (const { t, tensors, g, graphs } of attribute) {
      if (t) yield* locationOf(t)
      for (const tensor of tensors) yield* locationOf(tensor)
      if (g) yield* locationsIn(g)
      for (const inner of graphs) yield* locationsIn(inner)
    }
  }
}

function* locationOf({ dataLocation, externalData }: TensorProto): Generator<string> {
  if (dataLocation !== DataLocation.EXTERNAL) return
  const location = externalData.find(({ key }) => key === 'location')?.value
  if (location) yield location.replace(/^\.\//, '')
}
