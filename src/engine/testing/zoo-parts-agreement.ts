// What must be found inside the layers of a file of the zoo, and how exactly it must satisfy its sums and products.

import { expect } from 'vitest'
import type { ZooFile } from './zoo.ts'
import { PARTS_TOLERANCE, type PartGaps, type PartResult } from './zoo-parts.ts'

/** Norms stand on the stream itself. */
const POST_NORM: ReadonlySet<string> = new Set(['bert', 'bert_mlm', 'bert_features', 'distilbert', 'roberta', 'albert', 'deberta_v2'])
/** Blocks beside each other: the stream has no middle. */
const PARALLEL: ReadonlySet<string> = new Set(['gpt_neox'])
const TOLERATED: readonly (keyof PartGaps)[] = ['heads', 'stream', 'projected', 'head']

/** Fails where something is not found or does not add up. */
export function expectParts({ family, variant, task }: ZooFile, { found, layers, normed, gaps }: PartResult): void {
  const isHalf = /f(p)?16/.test(variant)
  const hasWeights = !isHalf && !/q4|bnb4/.test(variant)
  expect(found).toEqual({
    queries: layers,
    keys: layers,
    values: layers,
    headOutputs: layers,
    attentionOutputs: layers,
    mlpOutputs: layers,
    middles: PARALLEL.has(family) ? 0 : layers,
    finalNorm: task === 'token-logits' ? 1 : 0,
  })
  expect(normed).toBe(POST_NORM.has(family))
  expect([gaps.heads, gaps.stream]).not.toContain(null)
  if (hasWeights) expect(gaps.projected).not.toBeNull()
  if (hasWeights && task === 'token-logits') expect(gaps.head).not.toBeNull()
  const limit = isHalf ? PARTS_TOLERANCE.float16 : PARTS_TOLERANCE.float32
  for (const kind of TOLERATED) expect(gaps[kind] ?? 0, kind).toBeLessThan(limit)
}
