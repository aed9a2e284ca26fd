// Methods that go by attention, against closed forms and slow ways to the same number.

import { describe, expect, it } from 'vitest'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import { randomNumbers } from '#tensor/random'
import { METHOD_OF } from '../attribution-methods.ts'
import type { AttentionGradients, MethodAnswer, TargetModel } from '../method.ts'
import { functionRuns, linear } from '../target-model.fixture.ts'
import { createFlowNetwork } from './flow-network.ts'
import { headImportance } from './gradient-x-attention.ts'
import { mixedAttention } from './mixed-attention.ts'
import { rolledOut } from './rollout.ts'

const never = new AbortController().signal
const OPTIONS = DEFAULT_OPTIONS

type Layers = AttentionGradients['layers']

function modelWith(tokens: number, layers: Layers, readOut: readonly number[]): TargetModel {
  const base = functionRuns(linear(new Float32Array(tokens)), new Float32Array(tokens), tokens)
  return { ...base, attention: async () => ({ output: 2, layers, readOut: Float32Array.from(readOut) }) }
}

async function lastOf(method: AttributionMethodId, model: TargetModel): Promise<MethodAnswer> {
  let last: MethodAnswer | null = null
  for await (const part of METHOD_OF[method](model, OPTIONS, never)) last = part
  if (last === null) throw new Error('no answer')
  return last
}

const layer = (heads: number, values: readonly number[], gradient: readonly number[] = values.map(() => 0)): Layers[number] => ({
  heads,
  values: Float32Array.from(values),
  gradient: Float32Array.from(gradient),
})

/** Rows that add up to 1. */
function randomLayer(heads: number, tokens: number, random: () => number): Layers[number] {
  const values = new Float32Array(heads * tokens * tokens).map(random)
  for (let row = 0; row < heads * tokens; row++) {
    const own = values.subarray(row * tokens, (row + 1) * tokens)
    const sum = own.reduce((total, value) => total + value, 0)
    own.forEach((value, at) => {
      own[at] = value / sum
    })
  }
  return { heads, values, gradient: values.map(() => random() - 0.5) }
}

const rounded = (values: Iterable<number>): readonly number[] => Array.from(values, (value) => Number(value.toFixed(6)))

describe('rollout', () => {
  it('of one layer is half the attention and half the token itself', async () => {
    const model = modelWith(2, [layer(2, [1, 0, 0.5, 0.5, 0, 1, 0.5, 0.5])], [1, 0])
    expect(rounded((await lastOf('rollout', model)).values)).toEqual([0.75, 0.25])
  })

  it('multiplies later layers from the left, and reads where the answer does', async () => {
    // The first layer copies token 1 to place 0, the second copies place 0 to place 2.
    const copy = (to: number, from: number) =>
      [0, 1, 2].flatMap((row) => [0, 1, 2].map((key) => (key === (row === to ? from : row) ? 1 : 0)))
    const layers = [layer(1, copy(0, 1)), layer(1, copy(2, 0))]
    expect(rounded((await lastOf('rollout', modelWith(3, layers, [0, 0, 1]))).values)).toEqual([0.25, 0.25, 0.5])
    expect(rounded((await lastOf('rollout', modelWith(3, layers, [0.5, 0, 0.5]))).values)).toEqual([0.375, 0.375, 0.25])
  })

  it('has rows that add up to 1', () => {
    const random = randomNumbers(3)
    const layers = [1, 2, 3].map(() => randomLayer(3, 5, random))
    const rolled = rolledOut(layers, 5)
    for (let row = 0; row < 5; row++) {
      expect(rolled.subarray(row * 5, (row + 1) * 5).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6)
    }
  })
})

describe('relevance', () => {
  it('counts what raises the target, and leaves out the identity', async () => {
    const model = modelWith(2, [layer(2, [0.5, 0.5, 0.2, 0.8, 0.5, 0.5, 0.2, 0.8], [2, -4, 1, 1, 0, 4, 1, 1])], [1, 0])
    expect(rounded((await lastOf('relevance', model)).values)).toEqual([0.5, 1])
  })

  it('passes on what earlier layers gathered', async () => {
    const one = layer(1, [0, 1, 0, 1], [0, 1, 0, 0])
    expect(rounded((await lastOf('relevance', modelWith(2, [one, one], [1, 0]))).values)).toEqual([0, 2])
    const other = layer(1, [1, 0, 1, 0], [0, 0, 1, 0])
    // R1 = [[1,1],[0,1]]; A2 = [[0,0],[1,0]]; R2 = R1 + A2 R1 = [[1,1],[1,2]].
    expect(rounded((await lastOf('relevance', modelWith(2, [one, other], [0, 1]))).values)).toEqual([1, 1])
  })
})

describe('gradient x attention', () => {
  const layers = [layer(2, [1, 0, 0.5, 0.5, 0.25, 0.75, 0, 1], [1, 9, 2, -2, 4, 0, 9, 3]), layer(1, [0.5, 0.5, 1, 0], [2, 4, -1, 9])]

  it('sums over layers, heads and queries for each key', async () => {
    const { values, isSigned } = await lastOf('gradient-x-attention', modelWith(2, layers, [1, 0]))
    expect(rounded(values)).toEqual([1 + 1 + 1 + 0 + 1 - 1, 0 - 1 + 0 + 3 + 2 + 0])
    expect(isSigned).toBe(true)
  })

  it('adds up to the importance of all heads', async () => {
    const importance = headImportance(layers)
    expect(rounded(importance)).toEqual([1, 4, 2])
    const { values } = await lastOf('gradient-x-attention', modelWith(2, layers, [1, 0]))
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
      importance.reduce((sum, value) => sum + value, 0),
      5,
    )
  })
})

describe('attention flow', () => {
  it('through one layer is its capacity, through two the sum over ways of the narrower one', async () => {
    const one = layer(1, [0.5, 0.5, 0, 1])
    // Half each: [[0.75, 0.25], [0, 1]].
    expect(rounded((await lastOf('attention-flow', modelWith(2, [one], [1, 0]))).values)).toEqual([0.75, 0.25])
    expect(rounded((await lastOf('attention-flow', modelWith(2, [one, one], [1, 0]))).values)).toEqual([0.75, 0.5])
  })

  it('is no more than the answer reads of a place', async () => {
    const { values } = await lastOf('attention-flow', modelWith(2, [layer(1, [1, 0, 0, 1])], [0.3, 0.7]))
    expect(rounded(values)).toEqual([0.3, 0.7])
  })

  it.each([1, 2, 3, 4, 5, 6])('is the smallest cut of a random network %d', (seed) => {
    const random = randomNumbers(seed)
    const [tokens, depth] = [3, 1 + (seed % 3)]
    const capacities = Array.from({ length: depth }, () => mixedAttention(randomLayer(2, tokens, random), tokens))
    const entry = Float32Array.from({ length: tokens }, random)
    for (let sink = 0; sink < tokens; sink++) {
      expect(createFlowNetwork(capacities, entry).largestFlow(sink)).toBeCloseTo(smallestCut(capacities, entry, sink), 6)
    }
  })

  it('tells what it has as it goes, and ends when it is cancelled', async () => {
    const random = randomNumbers(9)
    const model = modelWith(10, [randomLayer(2, 10, random), randomLayer(2, 10, random)], [1, ...new Array<number>(9).fill(0)])
    const known: number[] = []
    for await (const { values, left } of METHOD_OF['attention-flow'](model, OPTIONS, never)) {
      known.push(values.filter(Number.isFinite).length)
      // What is left takes no pass.
      expect(left).toBe(known.at(-1) === 10 ? 0 : null)
    }
    expect(known).toEqual([2, 6, 10])
    const stop = new AbortController()
    await expect(async () => {
      for await (const _part of METHOD_OF['attention-flow'](model, OPTIONS, stop.signal)) stop.abort(new Error('stopped'))
    }).rejects.toThrow('stopped')
  })
})

/** Over all ways to part the nodes: what crosses from the source's side to the sink's. */
function smallestCut(layers: readonly Float64Array[], entry: Float32Array, sink: number): number {
  const tokens = entry.length
  const nodes = (layers.length + 1) * tokens
  let smallest = Number.POSITIVE_INFINITY
  for (let side = 0; side < 2 ** nodes; side++) {
    const isAbove = (node: number): boolean => ((side >> node) & 1) === 1
    if (isAbove(sink)) continue
    let crossing = 0
    entry.forEach((capacity, place) => {
      if (!isAbove(layers.length * tokens + place)) crossing += capacity
    })
    layers.forEach((capacities, layer) => {
      capacities.forEach((capacity, at) => {
        const [upper, lower] = [(layer + 1) * tokens + Math.floor(at / tokens), layer * tokens + (at % tokens)]
        if (isAbove(upper) && !isAbove(lower)) crossing += capacity
      })
    })
    smallest = Math.min(smallest, crossing)
  }
  return smallest
}
