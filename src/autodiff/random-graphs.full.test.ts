// Gradients of graphs put together at random agree with finite differences however their operators are combined.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkGradient } from '#engine/testing/check-gradient'
import { randomGraphs } from './testing/random-graphs.ts'

it('gradients of more random graphs agree with finite differences', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(randomGraphs, async (graph) => {
      const { gap, sameShapes } = await checkGradient(graph)
      expect(sameShapes).toBe(true)
      expect(gap).toBeLessThan(1e-6)
    }),
    { numRuns: 200, seed: 7 },
  )
})
