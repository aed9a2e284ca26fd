// Element types of tensors: ONNX's numbers (TensorProto.DataType) against names.

const BY_CODE = {
  1: { type: 'float32', bits: 32 },
  2: { type: 'uint8', bits: 8 },
  3: { type: 'int8', bits: 8 },
  4: { type: 'uint16', bits: 16 },
  5: { type: 'int16', bits: 16 },
  6: { type: 'int32', bits: 32 },
  7: { type: 'int64', bits: 64 },
  8: { type: 'string', bits: 0 },
  9: { type: 'bool', bits: 8 },
  10: { type: 'float16', bits: 16 },
  11: { type: 'float64', bits: 64 },
  12: { type: 'uint32', bits: 32 },
  13: { type: 'uint64', bits: 64 },
  14: { type: 'complex64', bits: 64 },
  15: { type: 'complex128', bits: 128 },
  16: { type: 'bfloat16', bits: 16 },
  17: { type: 'float8e4m3fn', bits: 8 },
  18: { type: 'float8e4m3fnuz', bits: 8 },
  19: { type: 'float8e5m2', bits: 8 },
  20: { type: 'float8e5m2fnuz', bits: 8 },
  21: { type: 'uint4', bits: 4 },
  22: { type: 'int4', bits: 4 },
  23: { type: 'float4e2m1', bits: 4 },
  24: { type: 'float8e8m0', bits: 8 },
  25: { type: 'uint2', bits: 2 },
  26: { type: 'int2', bits: 2 },
} as const

export type ElementType = (typeof BY_CODE)[keyof typeof BY_CODE]['type']

interface Row {
  readonly code: number
  readonly type: ElementType
  readonly bits: number
}

const ROWS: readonly Row[] = Object.entries(BY_CODE).map(([code, row]) => ({ code: Number(code), ...row }))
const ROW_OF_CODE: ReadonlyMap<number, Row> = new Map(ROWS.map((row) => [row.code, row]))
const ROW_OF_TYPE: ReadonlyMap<ElementType, Row> = new Map(ROWS.map((row) => [row.type, row]))

/** The element type of an ONNX type number, null for numbers this version of ONNX does not define. */
export function elementTypeOf(code: number): ElementType | null {
  return ROW_OF_CODE.get(code)?.type ?? null
}

/** The ONNX type number (TensorProto.DataType). */
export function elementCodeOf(type: ElementType): number {
  return ROW_OF_TYPE.get(type)?.code ?? 0
}

/** Bytes of `count` packed elements; null for strings, whose size is not fixed. */
export function byteLengthOf(type: ElementType, count: number): number | null {
  const bits = ROW_OF_TYPE.get(type)?.bits ?? 0
  return bits === 0 ? null : Math.ceil((bits * count) / 8)
}
