// What the gradients of a zoo file must agree with, as assertions.

import { expect } from 'vitest'
import type { ZooFile } from './zoo.ts'
import { arithmeticOf } from './zoo-arithmetic.ts'
import type { GradientResult } from './zoo-gradients.ts'

/** By the largest element of the reference. */
export const GRADIENT_TOLERANCE = {
  /** Of PyTorch's gradients of the same float32 weights, and of those of the dequantised ones. */
  float32: 1e-4,
  /** Of PyTorch's float32 gradients: the file computes in float16, and the backward part in float32. */
  float16: 1e-2,
  /** Of PyTorch's float32 gradients: 8 bits a weight, and activations that are rounded in the file and not here. */
  rounded: 0.3,
} as const

export type GradientReferenceKind = 'float32' | 'quantised' | 'float16' | 'rounded' | null

/**
 * Which reference a file has: PyTorch's, of the same weights or of the quantised ones. 'rounded' is one to be near to: activations
 * rounded to 8 bits have no gradient, and the references of such files pass one through the rounding, which the rewritten graph does not
 * have. null for 4-bit files that PyTorch did not run.
 */
export function gradientReferenceOf(file: ZooFile, hasQuantised: boolean): GradientReferenceKind {
  const arithmetic = arithmeticOf(file)
  if (arithmetic === 'float32') return 'float32'
  if (arithmetic === 'unrounded') return 'rounded'
  if (hasQuantised) return 'quantised'
  return /model_fp16/.test(file.variant) ? 'float16' : null
}

/** Fails where gradients are refused, or differ from the reference that the file has. */
export function expectGradients(file: ZooFile, result: GradientResult): void {
  if (result.kind === 'refused') throw result.error
  const { plain, quantised } = result
  const kind = gradientReferenceOf(file, quantised !== null)
  const gaps = kind === 'quantised' ? quantised : plain
  // Without a reference there are numbers all the same, one for each element.
  const limit = kind === null ? Number.MAX_VALUE : GRADIENT_TOLERANCE[kind === 'quantised' ? 'float32' : kind]
  expect(gaps?.embeddings).toBeLessThan(limit)
  expect(gaps?.attentions).toBeLessThan(limit)
}
