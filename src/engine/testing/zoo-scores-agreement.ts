// Which files of the zoo have nothing but a scale and a mask between queries, keys and probabilities.

import { expect } from 'vitest'
import type { ZooFile } from './zoo.ts'
import type { measureScores } from './zoo-scores.ts'

/** Positions have a part in their scores that is no product of these queries and keys. */
const WITH_POSITIONS: ReadonlySet<string> = new Set(['deberta_v2', 't5_encoder'])
const EXACT = 1e-5
/** Widths of a head in the zoo are 8 and 16; exporters scale the products, or what is multiplied. */
const SCALES = [1, 8 ** -0.5, 16 ** -0.5]
/** In float16 files the scale itself is rounded. */
const SCALE_TOLERANCE = 2 ** -11

/** Fails where queries or keys are not those that the probabilities are made of. */
export function expectScores({ family }: ZooFile, { gap, scales }: Awaited<ReturnType<typeof measureScores>>): void {
  if (WITH_POSITIONS.has(family)) {
    expect(gap).toBeGreaterThan(1e-2)
    return
  }
  expect(gap).toBeLessThan(EXACT)
  for (const scale of scales) expect(Math.min(...SCALES.map((known) => Math.abs(known - scale)))).toBeLessThan(SCALE_TOLERANCE)
}
