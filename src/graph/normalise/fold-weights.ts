// DequantizeLinear of a constant is computed once, here, instead of at every run. All folded weights share one buffer, so that the
// runtime takes them as one piece of external data.

import { sizeOf } from '#tensor/tensor'
import { numbersOf } from '../ir/constant.ts'
import { dequantize, type Quantised } from '../ir/dequantize.ts'
import type { ElementType } from '../ir/element-type.ts'
import { type Graph, type GraphNode, type Initializer, intAttribute, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { type Pass, type Replacement, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'

/** The WASM heap ends at 4 GiB and holds the weights and the activations: beyond this the weights stay packed. */
export const MAX_FOLDED_BYTES = 1.5 * 2 ** 30

const FOLDED_TYPES: ReadonlySet<ElementType> = new Set(['int8', 'uint8', 'int16', 'uint16', 'int32'])

interface Foldable {
  readonly node: GraphNode
  readonly output: string
  readonly weight: Initializer
  readonly quantised: Quantised
}

export const foldWeights: Pass = {
  name: 'fold-weights',
  run(model) {
    const foldable = findFoldable(model.graph)
    if (foldable.length === 0) return { model, changes: [] }
    const elements = foldable.reduce((sum, { weight }) => sum + sizeOf(weight.dims), 0)
    const bytes = elements * Float32Array.BYTES_PER_ELEMENT
    const megabytes = `${(bytes / 1e6).toFixed(1)} MB`
    if (bytes > MAX_FOLDED_BYTES)
      return { model, changes: [`left ${foldable.length} weights packed: as float32 they would take ${megabytes}`] }
    const replacements = fold(foldable, elements)
    const { graph } = rewriteOnce(model.graph, (node) => replacements.get(node) ?? null)
    return withGraph(model, {
      graph,
      changes: [`unpacked ${foldable.length} quantised weights to float32: ${elements} elements, ${megabytes}`],
    })
  },
}

function fold(foldable: readonly Foldable[], elements: number): ReadonlyMap<GraphNode, Replacement> {
  const buffer = new ArrayBuffer(elements * Float32Array.BYTES_PER_ELEMENT)
  let offset = 0
  return new Map(
    foldable.map(({ node, output, weight, quantised }) => {
      const target = new Float32Array(buffer, offset, sizeOf(weight.dims))
      dequantize(quantised, target)
      offset += target.byteLength
      const bytes = new Uint8Array(buffer, target.byteOffset, target.byteLength)
      const initializer: Initializer = { name: output, elementType: 'float32', dims: weight.dims, storage: { kind: 'bytes', bytes } }
      return [node, { initializers: [initializer], change: output }]
    }),
  )
}

function findFoldable(graph: Graph): readonly Foldable[] {
  const index = indexGraph(graph)
  return graph.nodes.flatMap((node) => foldableOf(node, index) ?? [])
}

/** null for blocked scales, for scales that are not float32, and for anything that is not a constant: those are lowered elsewhere. */
function foldableOf(node: GraphNode, index: GraphIndex): Foldable | null {
  const [weightName = '', scaleName = '', zeroName = ''] = node.inputs
  const [output = ''] = node.outputs
  const weight = index.initializer(weightName)
  const scale = index.initializer(scaleName)
  const zero = index.initializer(zeroName)
  if (operatorOf(node) !== 'DequantizeLinear' || weight === undefined || scale === undefined) return null
  if (zeroName !== '' && zero === undefined) return null
  if (!FOLDED_TYPES.has(weight.elementType) || scale.elementType !== 'float32' || intAttribute(node, 'block_size', 0) !== 0) return null
  const values = numbersOf(weight)
  const scales = numbersOf(scale)
  const zeroPoint = zero === undefined ? null : numbersOf(zero)
  if (values === null || scales === null || (zero !== undefined && zeroPoint === null)) return null
  const layout = scales.length === 1 ? { channels: 1, inner: values.length } : layoutOf(weight.dims, intAttribute(node, 'axis', 1))
  if (layout?.channels !== scales.length || (zeroPoint !== null && zeroPoint.length !== scales.length)) return null
  return { node, output, weight, quantised: { values, ...layout, scale: scales, zeroPoint } }
}

/** null where there is no such axis. */
function layoutOf(dims: readonly number[], axis: number): { readonly channels: number; readonly inner: number } | null {
  const place = axis < 0 ? axis + dims.length : axis
  const channels = dims[place]
  return channels === undefined ? null : { channels, inner: sizeOf(dims.slice(place + 1)) }
}
