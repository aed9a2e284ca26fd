import { describe, expect, test } from 'vitest'
import { type Contributions, forceSteps, type Part, spanOf, stepWith, waterfallSteps } from './contributions.ts'

const part = (key: string, value: number, kind: Part['kind'] = 'token'): Part => ({ key, label: key, value, error: Number.NaN, kind })
const others = (count: number): string => `${count} others`

/** 0.5 + 1 - 2 + 0.25 + 0.75 = 0.5 */
const data: Contributions = { base: 0.5, output: 0.5, parts: [part('a', 1), part('b', -2), part('c', 0.25), part('rest', 0.75, 'rest')] }

describe('the steps of a waterfall', () => {
  test('lead from the output at the top down to the base, strongest first, what is left over last', () => {
    const steps = waterfallSteps(data, 10, others)
    expect(steps.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['b', 2.5, 0.5],
      ['a', 1.5, 2.5],
      ['c', 1.25, 1.5],
      ['rest', 0.5, 1.25],
    ])
    expect(spanOf(data, steps)).toEqual([0.5, 2.5])
  })

  test('are at most so many: the weakest are one, in which each is found', () => {
    const steps = waterfallSteps(data, 2, others)
    expect(steps.map(({ label, kind, value }) => [label, kind, value])).toEqual([
      ['b', 'token', -2],
      ['2 others', 'others', 1.25],
      ['rest', 'rest', 0.75],
    ])
    expect(steps.at(-1)?.from).toBe(0.5)
    expect([stepWith(steps, 'c'), stepWith(steps, 'b'), stepWith(steps, 'z'), stepWith(steps, null)]).toEqual(['others', 'b', null, null])
  })

  test('leave out what is still to come', () => {
    expect(waterfallSteps({ ...data, parts: [part('a', Number.NaN), part('b', 0.5)] }, 10, others).map(({ key }) => key)).toEqual(['b'])
  })
})

test('the steps of a force plot meet at the output, the strongest of both sides beside it, what is left over outermost', () => {
  const steps = forceSteps(data)
  expect(steps.map(({ key, from, to }) => [key, from, to])).toEqual([
    ['rest', -1.5, -0.75],
    ['c', -0.75, -0.5],
    ['a', -0.5, 0.5],
    ['b', 2.5, 0.5],
  ])
  expect(spanOf(data, steps)).toEqual([-1.5, 2.5])
})

test('a span is never empty', () => {
  expect(spanOf({ base: 2, output: 2, parts: [] }, [])).toEqual([1, 3])
})
