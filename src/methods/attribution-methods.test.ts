import { describe, expect, it } from 'vitest'
import { ATTRIBUTION_METHODS, type AttributionMethodId, METHODS } from '#catalogue/attribution-methods'
import { type AttributionOptions, DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import { costOf } from '#catalogue/method-costs'
import { METHOD_OF } from './attribution-methods.ts'
import { gameOf, tangled } from './games/games.fixture.ts'
import type { MethodAnswer } from './method.ts'
import { EMBEDDINGS, METHOD_CASES, PRODUCTS, WEIGHTS } from './method-cases.fixture.ts'
import { functionRuns, linear, quadratic, type SmoothFunction, step } from './target-model.fixture.ts'

const OPTIONS = DEFAULT_OPTIONS
const never = new AbortController().signal

async function partsOf(
  method: AttributionMethodId,
  f: SmoothFunction,
  embeddings = EMBEDDINGS,
  options: Partial<AttributionOptions> = {},
): Promise<readonly MethodAnswer[]> {
  const parts: MethodAnswer[] = []
  for await (const part of METHOD_OF[method](functionRuns(f, embeddings, 3), { ...OPTIONS, ...options }, never)) parts.push(part)
  return parts
}

async function lastOf(...asked: Parameters<typeof partsOf>): Promise<MethodAnswer> {
  const last = (await partsOf(...asked)).at(-1)
  if (last === undefined) throw new Error('no answer')
  return last
}

const expectClose = (found: Float32Array, wanted: readonly number[], digits = 4): void => {
  expect(found).toHaveLength(wanted.length)
  wanted.forEach((value, at) => {
    expect(found[at]).toBeCloseTo(value, digits)
  })
}

describe('saliency', () => {
  it('is the length of each token’s weights in a linear model', async () => {
    const { values, isSigned, output, runs } = await lastOf('saliency', linear(WEIGHTS))
    expectClose(values, [Math.sqrt(5), Math.sqrt(5), 4])
    expect({ isSigned, output, runs }).toEqual({ isSigned: false, output: -11, runs: 1 })
  })

  it('grows with the input of a quadratic model', async () => {
    const { values } = await lastOf('saliency', quadratic(WEIGHTS))
    expectClose(values, [Math.hypot(2, 2), Math.hypot(-3, -8), 4])
  })
})

describe('input x gradient', () => {
  it('is each token’s part of a linear model', async () => {
    const { values, isSigned } = await lastOf('input-x-gradient', linear(WEIGHTS))
    expectClose(values, PRODUCTS)
    expect(isSigned).toBe(true)
  })

  it('is twice each token’s part of a quadratic model', async () => {
    expectClose((await lastOf('input-x-gradient', quadratic(WEIGHTS))).values, [6, 9 - 32, 4])
  })
})

describe('signed saliency', () => {
  it('is the slope along each token’s own embedding in a linear model', async () => {
    const { values, isSigned } = await lastOf('signed-saliency', linear(WEIGHTS))
    expectClose(values, [4 / Math.sqrt(5), -11 / 5, -4 / Math.sqrt(1.25)])
    expect(isSigned).toBe(true)
  })
})

describe('layer gradients', () => {
  it('are input x gradient at the embeddings, given for every point', async () => {
    const { values, layers } = await lastOf('layer-gradients', quadratic(WEIGHTS), EMBEDDINGS, { layer: 7 })
    expectClose(values, [6, 9 - 32, 4])
    expect(layers).toEqual(values)
  })
})

describe('expected gradients', () => {
  it('are each token’s part of a linear model, and sure of it', async () => {
    const { values, errors = [], expectedSum, runs } = await lastOf('expected-gradients', linear(WEIGHTS))
    expectClose(values, PRODUCTS)
    expectClose(Float32Array.from(errors), [0, 0, 0])
    expect(expectedSum).toBe(-11)
    expect(runs).toBe(33)
  })

  it('are integrated gradients where all words are the same, within their errors', async () => {
    const f = step(Float32Array.of(0.1, 0.1, 0, 0.1, 0, -0.3), 0.5, 0.3)
    const [expected, integrated] = [await lastOf('expected-gradients', f), await lastOf('integrated-gradients', f)]
    integrated.values.forEach((value, token) => {
      // Strata leave less spread than the errors of independent samples say.
      expect(Math.abs((expected.values[token] ?? 9) - value)).toBeLessThan((expected.errors?.[token] ?? 0) + 1e-6)
    })
    expect(expected.errors?.[0]).toBeGreaterThan(0)
  })

  it('go on until they are sure enough, and say how long that may take', async () => {
    const weights = Float32Array.of(0.1, 0.1, 0, 0.1, 0, -0.3)
    const length = (values: Float32Array | undefined) => Math.hypot(...(values ?? []))
    const [smooth, sharp] = [
      await partsOf('expected-gradients', step(weights, 0.5, 0.3)),
      await partsOf('expected-gradients', step(weights, 0.5, 0.1)),
    ]
    const [last] = sharp.slice(-1)
    expect(length(last?.errors)).toBeLessThan(0.1 * length(last?.values))
    expect(last?.left).toBe(0)
    expect(sharp.slice(0, -1).every(({ left }) => (left ?? 0) > 0)).toBe(true)
    expect(sharp.length).toBeGreaterThan(2 * smooth.length)
  })
})

describe('integrated gradients', () => {
  it('end where the target is no number on the way', async () => {
    const broken: SmoothFunction = { value: () => Number.NaN, gradient: (x) => x }
    const { doubts, left } = await lastOf('integrated-gradients', broken)
    expect([doubts, left]).toEqual([['incomplete'], 0])
  })

  it('begin at the baseline that is chosen', async () => {
    const { values, expectedSum } = await lastOf('integrated-gradients', quadratic(WEIGHTS), EMBEDDINGS, { baseline: 'reference' })
    // w (x^2 - 1) / 2 of each component.
    expectClose(values, [1.5, 4 - 15, -4 + 4])
    expect(expectedSum).toBeCloseTo(1.5 - 11, 4)
  })

  it('are each token’s part of a linear model, without halving', async () => {
    const { values, expectedSum, runs, doubts } = await lastOf('integrated-gradients', linear(WEIGHTS))
    expectClose(values, PRODUCTS)
    expect(expectedSum).toBe(-11)
    expect(runs).toBe(5)
    expect(doubts).toEqual([])
  })

  it('are each token’s part of a quadratic model', async () => {
    expectClose((await lastOf('integrated-gradients', quadratic(WEIGHTS))).values, [3, -11.5, 2])
  })

  it.each([0.3, 0.05, 0.003])('find a step of width %d and share it by the tokens’ part in it', async (width) => {
    const weights = Float32Array.of(0.1, 0.1, 0, 0.1, 0, -0.3)
    const { values, expectedSum, runs, doubts } = await lastOf('integrated-gradients', step(weights, 0.37, width))
    const sum = values.reduce((total, value) => total + value, 0)
    expect(Math.abs(sum - (expectedSum ?? 0))).toBeLessThan(0.01 * (expectedSum ?? 0))
    // The way is straight and the function follows w x alone: each token's share is its share of w x, of which the sum is 1.
    expectClose(
      values.map((value) => value / sum),
      [0.3, 0.4, 0.3],
    )
    expect(doubts).toEqual([])
    expect(runs).toBeLessThan(200)
  })

  it('say so where the change lies at the baseline, and do not chase it', async () => {
    // A norm at the beginning: everything but zero has length 1.
    const direction: SmoothFunction = {
      value: (x) => (x[0] ?? 0) / Math.sqrt(1e-8 + x.reduce((sum, one) => sum + one * one, 0)),
      gradient: (x) => {
        const square = 1e-8 + x.reduce((sum, one) => sum + one * one, 0)
        return x.map((one, at) => ((at === 0 ? 1 : 0) - ((x[0] ?? 0) * one) / square) / Math.sqrt(square))
      },
    }
    const { doubts, runs, left } = await lastOf('integrated-gradients', direction)
    expect(doubts).toEqual(['sharp-baseline', 'incomplete'])
    expect(runs).toBeLessThan(30)
    expect(left).toBe(0)
  })

  it('give up on a way that turns too often, and say so', async () => {
    const waves: SmoothFunction = {
      value: (x) => Math.sin(3000 * (x[0] ?? 0)) + (x[0] ?? 0),
      gradient: (x) => x.map((_, at) => (at === 0 ? 3000 * Math.cos(3000 * (x[0] ?? 0)) + 1 : 0)),
    }
    const { doubts, runs } = await lastOf('integrated-gradients', waves)
    expect(doubts).toContain('incomplete')
    expect(runs).toBeLessThan(300)
  })

  it('tell what they have as they go, closer and closer', async () => {
    const f = step(Float32Array.of(0.1, 0.1, 0, 0.1, 0, -0.3), 0.37, 0.02)
    const parts = await partsOf('integrated-gradients', f)
    const errors = parts.map(({ values, expectedSum }) => Math.abs(values.reduce((sum, value) => sum + value, 0) - (expectedSum ?? 0)))
    expect(parts.length).toBeGreaterThan(4)
    expect(errors.at(-1)).toBeLessThan((errors[0] ?? 0) / 50)
    expect(parts.map(({ left }) => left === 0)).toEqual(parts.map((_, at) => at === parts.length - 1))
    expect(parts.map(({ runs }) => runs)).toEqual(parts.map(({ runs }) => runs).toSorted((one, other) => one - other))
  })

  it('are nothing where nothing changes', async () => {
    const { values, doubts, runs } = await lastOf('integrated-gradients', { value: () => 3, gradient: (x) => new Float32Array(x.length) })
    expect(Array.from(values)).toEqual([0, 0, 0])
    expect(doubts).toEqual([])
    expect(runs).toBe(5)
  })

  it('take what is beyond all numbers at the baseline for nothing, and the jump for what it is', async () => {
    const beyond: SmoothFunction = {
      value: (x) => ((x[0] ?? 0) === 0 ? 0 : 1 + (x[0] ?? 0) / 10),
      gradient: (x) => x.map((_, at) => (at === 0 ? ((x[0] ?? 0) === 0 ? Number.POSITIVE_INFINITY : 0.1) : 0)),
    }
    const { values, doubts } = await lastOf('integrated-gradients', beyond)
    expect(doubts).toEqual(['sharp-baseline', 'incomplete'])
    expect(values.every(Number.isFinite)).toBe(true)
  })
})

describe('smoothgrad', () => {
  it('is each token’s part of a linear model, whose gradient has no jitter', async () => {
    expectClose((await lastOf('smoothgrad', linear(WEIGHTS))).values, PRODUCTS)
  })

  it('is that of the input in a quadratic model: noise of both signs cancels', async () => {
    expectClose((await lastOf('smoothgrad', quadratic(WEIGHTS))).values, [6, 9 - 32, 4])
  })

  it('averages the gradient over a neighbourhood whose size follows the embeddings', async () => {
    // The mean of 3 x^2 over noise of deviation s is 3 (x^2 + s^2).
    const cubic: SmoothFunction = {
      value: (x) => x.reduce((sum, one) => sum + one ** 3, 0),
      gradient: (x) => x.map((one) => 3 * one * one),
    }
    const ones = new Float32Array(3 * 400).fill(1)
    const { values } = await lastOf('smoothgrad', cubic, ones)
    expectClose(
      values.map((value) => value / 400),
      [3 * (1 + 0.15 ** 2), 3 * (1 + 0.15 ** 2), 3 * (1 + 0.15 ** 2)],
      2,
    )
    expect(Math.abs((values[0] ?? 0) / 400 - 3)).toBeGreaterThan(0.05)
  })

  it('is the same every time, and tells what it has as it goes', async () => {
    const f = step(Float32Array.of(0.1, 0.1, 0, 0.1, 0, -0.3), 1, 0.1)
    const [one, other] = [await partsOf('smoothgrad', f), await partsOf('smoothgrad', f)]
    expect(one).toEqual(other)
    expect(one.map(({ left }) => left)).toEqual([20, 16, 12, 8, 4, 0])
  })
})

describe.each(ATTRIBUTION_METHODS)('%s', (id) => {
  const method = METHOD_OF[id]

  it('gives the values of a linear model that are known', async () => {
    const { values, digits } = METHOD_CASES[id]
    expectClose((await lastOf(id, linear(WEIGHTS))).values, values, digits)
  })

  it('spends the passes that it tells of', async () => {
    const runs = functionRuns(quadratic(WEIGHTS), EMBEDDINGS, 3)
    for await (const part of method(runs, OPTIONS, never)) expect(part.runs).toBe(runs.passes())
  })

  it('spends no more than it is said to cost', async () => {
    const runs = functionRuns(quadratic(WEIGHTS), EMBEDDINGS, 3)
    for await (const _part of method(runs, OPTIONS, never));
    const { passes, isBound } = costOf(id, { tokens: 3, units: 3, layers: 1 })
    if (isBound) expect(runs.passes()).toBeLessThanOrEqual(passes)
    else expect(runs.passes()).toBe(passes)
  })

  it('leaves the embeddings as they were', async () => {
    const embeddings = EMBEDDINGS.slice()
    for await (const _part of method(functionRuns(quadratic(WEIGHTS), embeddings, 3), OPTIONS, never));
    expect(embeddings).toEqual(EMBEDDINGS)
  })

  it('stops when it is cancelled, at the latest with the passes under way', async () => {
    const stop = new AbortController()
    let batches = 0
    const runs = functionRuns(step(WEIGHTS, 0.4, 0.01), EMBEDDINGS, 3, (pass) => {
      if (pass === 1) stop.abort(new Error('stopped'))
    })
    const game = gameOf(12, tangled(12), () => {
      batches++
      if (batches === 1) stop.abort(new Error('stopped'))
    })
    const all = async (): Promise<void> => {
      for await (const _part of method({ ...runs, game: async () => game }, OPTIONS, stop.signal));
    }
    if (METHODS[id].live) await all()
    else await expect(all()).rejects.toThrow('stopped')
    expect(runs.passes() + batches).toBe(1)
  })
})
