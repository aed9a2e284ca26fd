// What the way through a model must satisfy, whatever the model: heads are what their own queries, keys and values say.

import { expect } from 'vitest'
import type { MeasuredPath } from './measure-path.ts'

/** Relative to the largest number compared. */
const TOLERANCE = { float32: 1e-5, float16: 2e-3 } as const
/** Something stands in the scores besides q.k and a mask: positions, as parts of the scores. */
const BIASED: ReadonlySet<string> = new Set(['deberta_v2', 't5_encoder'])
/** Heads for one key and value, where there are fewer of these. */
const GROUPS: Readonly<Record<string, number>> = { llama: 2, qwen2: 2 }
/** Factors of families that do not take 1 / sqrt(d). */
const FACTORS: Readonly<Record<string, (width: number) => number>> = {
  t5_encoder: () => 1,
  deberta_v2: (width) => 1 / Math.sqrt(3 * width),
}

export function expectPath(family: string, { path, heads }: MeasuredPath): void {
  const limit = heads.some(({ isHalf }) => isHalf) ? TOLERANCE.float16 : TOLERANCE.float32
  for (const { form, gaps, factor, before, width, group, layer, head } of heads) {
    const name = `${layer}.${head}`
    expect(form, name).toBe(BIASED.has(family) ? 'biased' : 'plain')
    expect(gaps.weights, name).toBeLessThan(limit)
    expect(gaps.output, name).toBeLessThan(limit)
    expect((factor ?? 0) * before, name).toBeCloseTo((FACTORS[family] ?? ((d) => 1 / Math.sqrt(d)))(width), 3)
    expect(group.heads).toHaveLength(GROUPS[family] ?? 1)
    expect(group.heads).toContain(head)
  }
  const tokens = path.tokens.length
  expect(path.norms).toHaveLength((path.layers.length + 1) * tokens)
  expect(path.cosines.at(-1)).toBeCloseTo(1, 6)
  expect(path.attention).toHaveLength(path.layers.length * path.heads * tokens)
  for (const { attention, mlp, heads: own } of path.layers) {
    expect([attention, mlp].every((length) => length !== null && length > 0)).toBe(true)
    // No way round is shorter: what the heads add together, bias left out.
    expect(own).toHaveLength(path.heads)
  }
}
