import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { functionRuns, linear } from '../target-model.fixture.ts'
import { contextMixing, valueZeroing } from './value-zeroing.ts'

const never = new AbortController().signal

/** A layer whose token j has the unit vector e_j as its value: position i leaves e_i + sum over j of A_ij e_j. */
function layerOutput(attention: readonly (readonly number[])[], zeroed: number | null): Float32Array {
  return Float32Array.from(
    attention.flatMap((row, query) => row.map((weight, key) => (key === query ? 1 : 0) + (key === zeroed ? 0 : weight))),
  )
}

/** Layers of such outputs, read at some places. */
function modelOf(layers: readonly (readonly (readonly number[])[])[], readOut: readonly number[]): TargetModel {
  const tokens = readOut.length
  return {
    ...functionRuns(linear(new Float32Array(tokens)), new Float32Array(tokens), tokens),
    attention: async () => ({ output: 3, layers: [], readOut: Float32Array.from(readOut) }),
    hiddenStates: async () => [new Float32Array(tokens * tokens), ...layers.map((attention) => layerOutput(attention, null))],
    statesWithZeroedValue: async (layer, zeroed) => zeroed.map((token) => layerOutput(layers[layer] ?? [], token)),
  }
}

async function answersOf(model: TargetModel): Promise<readonly MethodAnswer[]> {
  const answers: MethodAnswer[] = []
  for await (const answer of valueZeroing(model, DEFAULT_OPTIONS, never)) answers.push(answer)
  return answers
}

describe('value zeroing', () => {
  it('is the share of the angle by which a layer’s output turns', async () => {
    // (3/2, 1/2) turns to (1, 1/2) without the first value, to (3/2, 0) without the second.
    const turned = [1 - 7 / (5 * Math.SQRT2), 1 - 3 / Math.sqrt(10)]
    const sum = (turned[0] ?? 0) + (turned[1] ?? 0)
    const even = [
      [0.5, 0.5],
      [0.5, 0.5],
    ]
    const [answer] = await answersOf(modelOf([even], [1, 0]))
    expect(answer).toMatchObject({ isSigned: false, output: 3, runs: 4, left: 0 })
    turned.forEach((one, token) => {
      expect(answer?.values[token]).toBeCloseTo(one / sum, 5)
    })
  })

  it('multiplies later layers from the left, and tells of the last ones first', async () => {
    // In the first layer all hear of token 1 alone, in the second token 2 hears of token 0 alone; each else of itself.
    const first = [
      [0, 1, 0],
      [0, 1, 0],
      [0, 1, 0],
    ]
    const second = [
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]
    const answers = await answersOf(modelOf([first, second], [0, 0, 1]))
    expect(answers.map(({ values, left, runs }) => [Array.from(values), left, runs])).toEqual([
      [[1, 0, 0], 3, 5],
      [[0, 1, 0], 0, 8],
    ])
  })
})

describe('contextMixing', () => {
  it('has rows that add up to 1, keeps what nothing changes, and counts a vanished vector as wholly changed', () => {
    const state = Float32Array.of(1, 0, 0, 1)
    const mixing = contextMixing(state, [Float32Array.of(0, 0, 0, 1), Float32Array.of(1, 0, 0, 1)], 2)
    expect(Array.from(mixing)).toEqual([1, 0, 0, 1])
  })
})
