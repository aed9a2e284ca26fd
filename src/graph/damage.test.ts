// Whatever a file holds, it is opened or refused with a fault that has a sentence: never another error.

import { describe, expect, it } from 'vitest'
import { GraphError } from './ir/errors.ts'
import { prepareModel } from './prepare.ts'
import { writeModel } from './proto/write.ts'
import { ModelBuilder, node } from './testing/build.ts'
import { damageBytes, damageModel } from './testing/damage.ts'
import { oddTransformer } from './testing/odd-transformer.ts'

function outcomeOf(file: Uint8Array): string {
  try {
    prepareModel(file, { weights: 'float32', pickPositions: true })
    return 'opened'
  } catch (error) {
    if (error instanceof GraphError && error.message.length > 20) return 'refused'
    throw error
  }
}

describe('a damaged file', () => {
  const { builder } = oddTransformer({ projection: 'slice', groups: true, bias: 'window' })
  const [file, model] = [builder.bytes(), builder.model()]

  it('is opened or refused when bits are turned or the end is missing', { timeout: 60_000 }, () => {
    const outcomes = Array.from({ length: 30 }, (_, seed) => outcomeOf(damageBytes(file, seed)))
    expect(new Set(outcomes)).toEqual(new Set(['opened', 'refused']))
  })

  it('is opened or refused when parts of its graph are changed', { timeout: 60_000 }, () => {
    const outcomes = Array.from({ length: 30 }, (_, seed) => outcomeOf(writeModel(damageModel(model, seed))))
    expect(new Set(outcomes)).toEqual(new Set(['opened', 'refused']))
  })

  it('is refused when its nodes wait for each other', () => {
    const circle = new ModelBuilder()
    circle.input('x', 'float32', ['a'])
    circle.add(node('Add', ['x', 'z'], ['y']))
    circle.add(node('Neg', ['y'], ['z']))
    circle.output('z')
    expect(() => prepareModel(circle.bytes())).toThrow(expect.objectContaining({ kind: 'invalid-graph' }))
  })
})
