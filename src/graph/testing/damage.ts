// Files changed at random, reproducibly: bits of the bytes, or parts of the graph that stay well-formed as a message.

import { int64Constant } from '../ir/constant.ts'
import type { Attribute, GraphNode, Initializer, Model } from '../ir/graph.ts'

/** Numbers that sizes and attributes of damaged files have. */
const ODD = [0, -1, 1, 2, 3, 7, 64, 2 ** 31 - 1, 2 ** 31, 2 ** 40, -(2 ** 31), 2 ** 53] as const
const OPERATORS = [
  'Slice',
  'Reshape',
  'Expand',
  'Tile',
  'Range',
  'ConstantOfShape',
  'Einsum',
  'Split',
  'Concat',
  'Softmax',
  'DequantizeLinear',
]
const ATTRIBUTES = ['axis', 'perm', 'to', 'num_heads', 'kv_num_heads', 'block_size', 'bits', 'N', 'K', 'keepdims', 'start']

/** mulberry32: numbers from 0 to 1 that follow from the seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The file cut off, or with some of its bits turned. */
export function damageBytes(file: Uint8Array, seed: number): Uint8Array {
  const random = randomOf(seed)
  if (seed % 5 === 0) return file.slice(0, Math.floor(random() * file.length))
  const damaged = file.slice()
  for (let hit = 0; hit <= seed % 7; hit++) {
    const place = Math.floor(random() * file.length)
    damaged[place] = (damaged[place] ?? 0) ^ (1 << Math.floor(random() * 8))
  }
  return damaged
}

/** The model with one to four of its parts changed. */
export function damageModel(model: Model, seed: number): Model {
  const random = randomOf(seed)
  const at = (count: number): number => Math.floor(random() * count)
  const odd = (): number => ODD[at(ODD.length)] ?? 0
  const nodes = [...model.graph.nodes]
  const initializers = [...model.graph.initializers]
  for (let change = 0; change <= seed % 4; change++) {
    const place = at(nodes.length)
    const node = nodes[place]
    const constantPlace = at(initializers.length)
    const constant = initializers[constantPlace]
    if (node === undefined || constant === undefined) continue
    const kind = at(7)
    if (kind === 0) nodes[place] = { ...bare(node), opType: OPERATORS[at(OPERATORS.length)] ?? '', domain: '' }
    else if (kind === 1) nodes[place] = { ...node, inputs: node.inputs.toSpliced(at(node.inputs.length), 1, constant.name) }
    else if (kind === 2)
      nodes[place] = { ...node, attributes: new Map(node.attributes).set(ATTRIBUTES[at(ATTRIBUTES.length)] ?? '', oddAttribute()) }
    else if (kind === 3) nodes[place] = { ...node, inputs: node.inputs.slice(0, at(node.inputs.length)) }
    else if (kind === 4) nodes.splice(place, 1)
    else if (kind === 5) initializers[constantPlace] = { ...constant, dims: constant.dims.map((size, axis) => (axis === 0 ? odd() : size)) }
    else initializers[constantPlace] = oddNumbers(constant)
  }
  return { ...model, graph: { ...model.graph, nodes, initializers } }

  function oddAttribute(): Attribute {
    if (random() < 0.5) return { kind: 'int', value: BigInt(odd()) }
    return { kind: 'ints', value: Array.from({ length: at(5) }, () => BigInt(odd())) }
  }

  function oddNumbers(constant: Initializer): Initializer {
    if (constant.elementType !== 'int64' || constant.dims.length !== 1) return constant
    return int64Constant(constant.name, constant.dims, Array.from({ length: constant.dims[0] ?? 0 }, odd))
  }
}

/** Without what the writer would keep of the file. */
function bare({ origin: _, ...node }: GraphNode): GraphNode {
  return node
}
