// IEEE 754 half precision (binary16), for values between 0 and 1 that need three digits and half the bytes.

const scratch = new DataView(new ArrayBuffer(4))

/** Nearest half-precision number (ties to even), as its 16 bits. */
export function floatToHalf(value: number): number {
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  const sign = (bits >>> 16) & 0x8000
  const exponent = (bits >>> 23) & 0xff
  const mantissa = bits & 0x7fffff
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa ? 0x200 : 0)
  const unbiased = exponent - 127 + 15
  if (unbiased >= 31) return sign | 0x7c00
  if (unbiased <= 0) {
    if (unbiased < -10) return sign
    return sign | roundShift(mantissa | 0x800000, 14 - unbiased)
  }
  return sign | roundShift((unbiased << 23) | mantissa, 13)
}

/** The number that 16 bits of half precision stand for. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 0x1f
  const mantissa = bits & 0x3ff
  if (exponent === 0) return sign * mantissa * 2 ** -24
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}

/** Shifts right, rounding to nearest, ties to even. A carry into the exponent is the right answer. */
function roundShift(value: number, shift: number): number {
  const kept = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return kept + (rest > half || (rest === half && kept & 1) ? 1 : 0)
}
