import { describe, expect, it } from 'vitest'
import { checkGradient, modelOf } from '#engine/testing/check-gradient'
import { operatorOf } from '#graph/ir/graph'
import { GRADIENT_RULES } from './gradient-rules.ts'
import { activationCases, elementwiseCases, normCases, reductionCases } from './testing/elementwise-cases.ts'
import type { GradientCase } from './testing/gradient-case.ts'
import { choiceCases, moveCases } from './testing/move-cases.ts'
import { productCases, quantisedCases } from './testing/product-cases.ts'

/** Of the largest finite difference. */
const TOLERANCE = { float64: 1e-8, float32: 2e-3 } as const

const families: Readonly<Record<string, readonly GradientCase[]>> = {
  arithmetic: elementwiseCases,
  activations: activationCases,
  reductions: reductionCases,
  norms: normCases,
  products: productCases,
  'packed weights': quantisedCases,
  moves: moveCases,
  choices: choiceCases,
}

describe.each(Object.entries(families))('gradients of %s agree with finite differences', (_, cases) => {
  it.each(cases)('$title', async (test) => {
    const { gap, sameShapes } = await checkGradient(test)
    expect(sameShapes).toBe(true)
    expect(gap).toBeLessThan(TOLERANCE[test.arithmetic ?? 'float64'])
  })
})

it('every operator with a rule has a case', () => {
  const tested = new Set(
    Object.values(families)
      .flat()
      .flatMap((test) => modelOf(test).model.graph.nodes.map(operatorOf)),
  )
  expect(Object.keys(GRADIENT_RULES).filter((operator) => !tested.has(operator))).toEqual([])
})
