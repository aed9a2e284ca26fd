// Which of a file's numbers a rewritten graph must repeat, by how the file computes.

import type { ZooFile } from './zoo.ts'

/**
 * - 'float32': as PyTorch.
 * - 'same': as onnxruntime on the same file: float16, and 4-bit weights multiplied in float32.
 * - 'unrounded': nearer to PyTorch than onnxruntime, which rounds activations to 8 bits at every product; the rewritten graph does not.
 * - 'native-rounding': MatMulNBits with accuracy_level 4, whose activations native kernels round to 8 bits and WebAssembly's do not:
 *   the file as it is differs as much there.
 */
export type Arithmetic = 'float32' | 'same' | 'unrounded' | 'native-rounding'

const BY_VARIANT: readonly (readonly [RegExp, Arithmetic])[] = [
  [/quantized|uint8/, 'unrounded'],
  [/genai_q4/, 'native-rounding'],
  [/fp16|q4|bnb4/, 'same'],
]

export function arithmeticOf({ variant }: ZooFile): Arithmetic {
  return BY_VARIANT.find(([pattern]) => pattern.test(variant))?.[1] ?? 'float32'
}

/** Largest differences that count as agreement. */
export const TOLERANCE = {
  logits: 1e-4,
  attentions: 1e-5,
  hiddenStates: 1e-4,
  embeddings: 1e-6,
  sameFile: 1e-3,
  nativeRounding: 0.25,
} as const
