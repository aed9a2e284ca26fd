// MatMulBnb4 has neither a WebGPU kernel nor a gradient: its 4-bit weights are unpacked to float32 when the model is loaded, all into
// one buffer, and the product becomes a MatMul.

import { numbersOf } from '../constant.ts'
import { type Graph, type GraphNode, intAttribute, operatorOf } from '../graph.ts'
import { type GraphIndex, indexGraph } from '../graph-index.ts'
import { MAX_FOLDED_BYTES } from '../passes/fold-weights.ts'
import { type Pass, rewriteOnce, withGraph } from '../rewrite.ts'
import { Emitter } from './emitter.ts'

/** Magnitudes of 4-bit floats (sign, two bits of exponent, one of mantissa), the largest scaled to 1. */
const FLOAT_MAGNITUDES = [0, 0.005208333333, 0.66666667, 1, 0.33333333, 0.5, 0.16666667, 0.25]
/** Quantiles of the normal distribution (Dettmers et al., "QLoRA", 2023, appendix E). */
const NORMAL_QUANTILES = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022833334, -0.09105003625154495, 0,
  0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
  0.7229568362236023, 1,
]
/** What four bits stand for, by `quant_type`, relative to the largest magnitude of the block. */
const LEVELS = [[...FLOAT_MAGNITUDES, ...FLOAT_MAGNITUDES.map((magnitude) => -magnitude)], NORMAL_QUANTILES] as const

interface Packed {
  readonly node: GraphNode
  /** Two elements a byte, the first in the high half. */
  readonly bytes: ArrayLike<number>
  /** Largest magnitude of each block. */
  readonly largest: ArrayLike<number>
  readonly blockSize: number
  readonly levels: readonly number[]
  /** Packed as [columns, rows] instead of [rows, columns]. */
  readonly transposed: boolean
  readonly rows: number
  readonly columns: number
}

export const unpackBnb4: Pass = {
  name: 'unpack-bnb4',
  run(model) {
    const { graph } = model
    const packed = findPacked(graph)
    if (packed.length === 0) return { model, changes: [] }
    const elements = packed.reduce((sum, { rows, columns }) => sum + rows * columns, 0)
    const bytes = elements * Float32Array.BYTES_PER_ELEMENT
    const megabytes = `${(bytes / 1e6).toFixed(1)} MB`
    if (bytes > MAX_FOLDED_BYTES)
      return { model, changes: [`left ${packed.length} weights in 4 bits: as float32 they would take ${megabytes}`] }
    const weights = unpackAll(packed, elements)
    const emitter = new Emitter(graph, model.opsets.get('') ?? 0)
    const rewritten = rewriteOnce(graph, (node) => {
      const weight = weights.get(node)
      return weight === undefined ? null : { ...emitter.collect(node, () => [product(node, weight, emitter)]), change: '' }
    })
    const change = `unpacked ${packed.length} 4-bit weights to float32: ${elements} elements, ${megabytes}`
    return withGraph(model, { graph: rewritten.graph, changes: [change] })
  },
}

interface Weight {
  readonly dims: readonly [rows: number, columns: number]
  readonly bytes: Uint8Array
}

/** x [.., rows] times the weight, in float32 and back. */
function product(node: GraphNode, { dims, bytes }: Weight, to: Emitter): string {
  const [x = ''] = node.inputs
  const type = to.realType(x)
  const weight = to.weight({ elementType: 'float32', dims, storage: { kind: 'bytes', bytes } })
  return to.cast(to.op('MatMul', [to.cast(x, type, 'float32'), weight]), 'float32', type)
}

function findPacked(graph: Graph): readonly Packed[] {
  const index = indexGraph(graph)
  return graph.nodes.flatMap((node) => (operatorOf(node) === 'com.microsoft:MatMulBnb4' ? (packedOf(node, index) ?? []) : []))
}

/** null for weights that are not constants, and for kinds and sizes that do not fit together. */
function packedOf(node: GraphNode, index: GraphIndex): Packed | null {
  const [, weight, scales] = node.inputs.map((input) => index.initializer(input))
  const [rows, columns, blockSize] = ['K', 'N', 'block_size'].map((name) => intAttribute(node, name, 0))
  const levels = LEVELS[intAttribute(node, 'quant_type', -1)]
  if (weight === undefined || scales === undefined || levels === undefined || !rows || !columns || !blockSize) return null
  const [bytes, largest] = [numbersOf(weight), numbersOf(scales)]
  const count = rows * columns
  if (bytes === null || largest === null || bytes.length * 2 < count || largest.length * blockSize < count) return null
  return { node, bytes, largest, blockSize, levels, transposed: intAttribute(node, 'transB', 1) === 1, rows, columns }
}

function unpackAll(packed: readonly Packed[], elements: number): ReadonlyMap<GraphNode, Weight> {
  const buffer = new ArrayBuffer(elements * Float32Array.BYTES_PER_ELEMENT)
  let offset = 0
  return new Map(
    packed.map((item) => {
      const { node, rows, columns } = item
      const target = new Float32Array(buffer, offset, rows * columns)
      unpack(item, target)
      offset += target.byteLength
      return [node, { dims: [rows, columns], bytes: new Uint8Array(buffer, target.byteOffset, target.byteLength) }]
    }),
  )
}

/** Writes the weight as [rows, columns]. */
function unpack({ bytes, largest, blockSize, levels, transposed, rows, columns }: Packed, target: Float32Array): void {
  for (let place = 0; place < target.length; place++) {
    const pair = bytes[place >> 1] ?? 0
    const level = levels[place % 2 === 0 ? pair >> 4 : pair & 15] ?? 0
    const at = transposed ? (place % rows) * columns + Math.floor(place / rows) : place
    target[at] = level * (largest[Math.floor(place / blockSize)] ?? 0)
  }
}
