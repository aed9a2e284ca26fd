// Products with packed weights. The bytes of MatMulNBits, [N, blocks, bytes a block], are those of a blocked DequantizeLinear of
// [N, K]: the backward part reads the same bytes, already transposed.

import { numbersOf } from '#graph/ir/constant'
import type { ElementType } from '#graph/ir/element-type'
import { type Initializer, intAttribute, type Storage } from '#graph/ir/graph'
import { elementAt, uint8At } from '#tensor/vector'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'

interface Packed {
  readonly columns: number
  readonly rows: number
  readonly bits: number
  readonly blockSize: number
  readonly blocks: number
}

/** dA = dY W, where W [N, K] is what the file calls the transposed weight. */
const matMulNBits: GradientRule = (s) =>
  s.each((place) => {
    if (place === 0) return s.op('MatMul', [s.gradient, dequantised(s, layoutOf(s))])
    return place === 5 ? s.fit(s.gradient, 5) : s.refuse('weights that are computed')
  })

function layoutOf(s: RuleContext): Packed {
  const [rows, columns, blockSize, bits] = [
    ['K', 0],
    ['N', 0],
    ['block_size', 0],
    ['bits', 4],
  ].map(([name, fallback]) => intAttribute(s.node, String(name), Number(fallback)))
  if (!rows || !columns || !blockSize) return s.refuse('no shape of the weight')
  if (bits !== 4 && bits !== 8) return s.refuse(`${bits} bits`)
  if (s.has(4)) s.refuse('rows in another order')
  return { columns, rows, bits, blockSize, blocks: Math.ceil(rows / blockSize) }
}

/** [N, K] in the type of gradients. */
function dequantised(s: RuleContext, layout: Packed): string {
  const { columns, rows, bits, blockSize, blocks } = layout
  const elementType: ElementType = bits === 4 ? 'uint4' : 'uint8'
  const weight = s.to.weight({ elementType, dims: [columns, blocks * blockSize], storage: constantOf(s, 1, 'a weight').storage })
  const scales = s.to.weight({ elementType: 'float32', dims: [columns, blocks], storage: floatStorage(s, constantOf(s, 2, 'scales')) })
  const zeros = s.to.weight({ elementType, dims: [columns, blocks], storage: { kind: 'bytes', bytes: zeroPoints(s, layout) } })
  const whole = s.op('DequantizeLinear', [weight, scales, zeros], { axis: 1, block_size: blockSize })
  return rows === blocks * blockSize ? whole : s.to.slice(whole, 1, 0, rows)
}

function constantOf(s: RuleContext, place: number, what: string): Initializer {
  const constant = s.to.index.initializer(s.name(place))
  return constant?.storage.kind === 'bytes' ? constant : s.refuse(`${what} that is computed`)
}

function numbers(s: RuleContext, constant: Initializer): ArrayLike<number> {
  return numbersOf(constant) ?? s.refuse(`${constant.elementType} constants`)
}

/** A constant's elements as float32: its own bytes where it is. */
function floatStorage(s: RuleContext, constant: Initializer): Storage {
  if (constant.elementType === 'float32') return constant.storage
  return { kind: 'bytes', bytes: new Uint8Array(Float32Array.from(numbers(s, constant)).buffer) }
}

/** [N, blocks], packed without gaps; MatMulNBits begins each row at a new byte. */
function zeroPoints(s: RuleContext, { columns, bits, blocks }: Packed): Uint8Array {
  const count = columns * blocks
  if (bits === 8) {
    return s.has(3) ? Uint8Array.from(numbers(s, storedZeros(s))) : new Uint8Array(count).fill(128)
  }
  if (!s.has(3)) return new Uint8Array(Math.ceil(count / 2)).fill(0x88)
  const stored = numbers(s, storedZeros(s))
  if (blocks % 2 === 0) return Uint8Array.from(stored)
  const packed = new Uint8Array(Math.ceil(count / 2))
  const width = Math.ceil(blocks / 2)
  if (stored.length < columns * width) s.refuse('fewer zero points than blocks')
  for (let at = 0; at < count; at++) {
    const [column, block] = [Math.floor(at / blocks), at % blocks]
    const nibble = (elementAt(stored, column * width + (block >> 1)) >> (4 * (block & 1))) & 15
    packed[at >> 1] = uint8At(packed, at >> 1) | (nibble << (4 * (at & 1)))
  }
  return packed
}

function storedZeros(s: RuleContext): Initializer {
  const zeros = constantOf(s, 3, 'zero points')
  return zeros.elementType === 'uint8' ? zeros : s.refuse('zero points that are real numbers')
}

export const quantisedRules: GradientRules = { 'com.microsoft:MatMulNBits': matMulNBits }
