// A pass that unpacks the constant weights of fused products to float32 when the model is loaded, all into one buffer, which makes of
// each a MatMul.

import type { GraphNode, Model } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { MAX_FOLDED_BYTES } from '../normalise/fold-weights.ts'
import { Emitter } from '../rewrite/emitter.ts'
import { type Pass, type PassResult, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'

/** A product x [.., rows] times a packed weight. */
export interface PackedProduct {
  readonly rows: number
  readonly columns: number
  /** Added to the product; '' for none. */
  readonly bias: string
  /** Writes the weight as [rows, columns]. */
  unpack(target: Float32Array): void
}

interface Weight extends PackedProduct {
  readonly bytes: Uint8Array
}

/** @param find null for nodes that are no such product, or whose weight is no constant */
export function unpackProducts(name: string, find: (node: GraphNode, index: GraphIndex) => PackedProduct | null): Pass {
  return { name, run: (model) => unpackIn(model, find) }
}

function unpackIn(model: Model, find: (node: GraphNode, index: GraphIndex) => PackedProduct | null): PassResult {
  const index = indexGraph(model.graph)
  const packed = model.graph.nodes.flatMap((node): (readonly [GraphNode, PackedProduct])[] => {
    const product = find(node, index)
    return product === null ? [] : [[node, product]]
  })
  if (packed.length === 0) return { model, changes: [] }
  const elements = packed.reduce((sum, [, { rows, columns }]) => sum + rows * columns, 0)
  const bytes = elements * Float32Array.BYTES_PER_ELEMENT
  const megabytes = `${(bytes / 1e6).toFixed(1)} MB`
  if (bytes > MAX_FOLDED_BYTES) return { model, changes: [`left ${packed.length} weights packed: as float32 they would take ${megabytes}`] }
  const weights = unpackAll(packed, bytes)
  const emitter = new Emitter(model.graph, model.opsets.get('') ?? 0)
  const { graph } = rewriteOnce(model.graph, (node) => {
    const weight = weights.get(node)
    return weight === undefined ? null : { ...emitter.collect(node, () => [multiply(node, weight, emitter)]), change: '' }
  })
  const change = `unpacked ${packed.length} packed weights to float32: ${elements} elements, ${megabytes}`
  return withGraph(model, { graph, changes: [change] })
}

/** In float32 and back. */
function multiply(node: GraphNode, { rows, columns, bytes, bias }: Weight, to: Emitter): string {
  const [x = ''] = node.inputs
  const type = to.realType(x)
  const weight = to.weight({ elementType: 'float32', dims: [rows, columns], storage: { kind: 'bytes', bytes } })
  const product = to.cast(to.op('MatMul', [to.cast(x, type, 'float32'), weight]), 'float32', type)
  return bias === '' ? product : to.op('Add', [product, bias])
}

function unpackAll(packed: readonly (readonly [GraphNode, PackedProduct])[], bytes: number): ReadonlyMap<GraphNode, Weight> {
  const buffer = new ArrayBuffer(bytes)
  let offset = 0
  return new Map(
    packed.map(([node, product]) => {
      const target = new Float32Array(buffer, offset, product.rows * product.columns)
      product.unpack(target)
      offset += target.byteLength
      return [node, { ...product, bytes: new Uint8Array(buffer, target.byteOffset, target.byteLength) }]
    }),
  )
}
