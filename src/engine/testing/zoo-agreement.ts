// What a file of the zoo must give, as assertions.

import { expect } from 'vitest'
import type { ZooFile, ZooResult } from './zoo.ts'
import { arithmeticOf, TOLERANCE } from './zoo-arithmetic.ts'

const HEADS = 4

/** Fails where a measured file lacks something or disagrees, and where a file was refused. */
export function expectAgreement(file: ZooFile, result: ZooResult): void {
  if (result.kind === 'refused') throw result.error
  const { prepared, gaps } = result
  expect(prepared).toMatchObject({ heads: HEADS, task: file.task })
  // Infinity stands for a number of layers that is not the reference's, null for what was not recognised.
  expect([gaps.attentions, gaps.hiddenStates, gaps.embeddings].map((gap) => gap !== null && Number.isFinite(gap))).toEqual([
    true,
    true,
    true,
  ])
  switch (arithmeticOf(file)) {
    case 'float32':
      expect(gaps.logits).toBeLessThan(TOLERANCE.logits)
      expect(gaps.attentions).toBeLessThan(TOLERANCE.attentions)
      expect(gaps.hiddenStates).toBeLessThan(TOLERANCE.hiddenStates)
      expect(gaps.embeddings).toBeLessThan(TOLERANCE.embeddings)
      return
    case 'same':
      expect(gaps.sameFile).toBeLessThan(TOLERANCE.sameFile)
      return
    case 'unrounded':
      expect(gaps.logits).toBeLessThanOrEqual(gaps.native)
      return
    case 'native-rounding':
      expect(gaps.sameFile).toBeLessThan(TOLERANCE.nativeRounding)
  }
}
