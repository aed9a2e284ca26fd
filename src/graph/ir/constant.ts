// Reading the elements of constants.

import { halfToFloat } from '#tensor/half'
import { sizeOf } from '#tensor/tensor'
import type { ElementType } from './element-type.ts'
import type { Initializer } from './graph.ts'

interface NumberView {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): ArrayLike<number>
}

/** Views by element type; the types that are not here are not read by any pass. */
const VIEWS: ReadonlyMap<ElementType, NumberView> = new Map<ElementType, NumberView>([
  ['float32', Float32Array],
  ['float64', Float64Array],
  ['int8', Int8Array],
  ['uint8', Uint8Array],
  ['bool', Uint8Array],
  ['int16', Int16Array],
  ['uint16', Uint16Array],
  ['int32', Int32Array],
  ['uint32', Uint32Array],
])

/**
 * Elements of a constant as numbers, a view into the file where its bytes are aligned; 64-bit integers are rounded beyond 2^53.
 * null for types and storages that are not read (4-bit, strings).
 */
export function numbersOf(constant: Initializer): ArrayLike<number> | null {
  const { storage, elementType, dims } = constant
  // A damaged file may have other numbers than its shape says.
  if (storage.kind === 'numbers' && storage.numbers.length !== sizeOf(dims)) return null
  if (elementType === 'int64') return integersOf(constant)
  if (elementType === 'float16') return halvesOf(constant)
  const View = VIEWS.get(elementType)
  if (View === undefined || storage.kind === 'opaque') return null
  if (storage.kind === 'numbers') return Array.from(storage.numbers, Number)
  return viewOf(storage.bytes, View)
}

function viewOf(bytes: Uint8Array, View: NumberView): ArrayLike<number> {
  const width = View.BYTES_PER_ELEMENT
  const length = Math.floor(bytes.length / width)
  // Views must start at a multiple of their width; tensors in a file start anywhere.
  return bytes.byteOffset % width === 0 ? new View(bytes.buffer, bytes.byteOffset, length) : new View(bytes.slice().buffer, 0, length)
}

function halvesOf({ storage }: Initializer): ArrayLike<number> | null {
  if (storage.kind === 'opaque') return null
  const bits = storage.kind === 'numbers' ? Array.from(storage.numbers, Number) : viewOf(storage.bytes, Uint16Array)
  return Float32Array.from(bits, halfToFloat)
}

function integersOf({ storage }: Initializer): ArrayLike<number> | null {
  if (storage.kind === 'opaque') return null
  if (storage.kind === 'numbers') return Array.from(storage.numbers, Number)
  const bytes = storage.bytes.slice()
  return Array.from(new BigInt64Array(bytes.buffer, 0, Math.floor(bytes.length / 8)), Number)
}

/** The one element of a constant with a single element, else null. */
export function scalarOf(constant: Initializer | undefined): number | null {
  if (constant === undefined || sizeOf(constant.dims) !== 1) return null
  return numbersOf(constant)?.[0] ?? null
}

/** A small constant with its own bytes. */
export function float32Constant(name: string, dims: readonly number[], values: ArrayLike<number>): Initializer {
  return { name, elementType: 'float32', dims, storage: { kind: 'bytes', bytes: new Uint8Array(Float32Array.from(values).buffer) } }
}

/** @see float32Constant */
export function int64Constant(name: string, dims: readonly number[], values: readonly (number | bigint)[]): Initializer {
  return { name, elementType: 'int64', dims, storage: { kind: 'bytes', bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) } }
}

/** A small constant of a type that shape arithmetic uses; null for other types, and for integers that a double does not hold exactly. */
export function numbersConstant(
  name: string,
  elementType: ElementType,
  dims: readonly number[],
  values: readonly number[],
): Initializer | null {
  const pack = PACKERS.get(elementType)
  if (pack === undefined || (elementType !== 'float32' && !values.every(Number.isSafeInteger))) return null
  return { name, elementType, dims, storage: { kind: 'bytes', bytes: new Uint8Array(pack(values).buffer) } }
}

const PACKERS: ReadonlyMap<ElementType, (values: readonly number[]) => ArrayBufferView<ArrayBuffer>> = new Map<
  ElementType,
  (values: readonly number[]) => ArrayBufferView<ArrayBuffer>
>([
  ['int64', (values) => BigInt64Array.from(values, BigInt)],
  ['int32', (values) => Int32Array.from(values)],
  ['bool', (values) => Uint8Array.from(values)],
  ['float32', (values) => Float32Array.from(values)],
])
