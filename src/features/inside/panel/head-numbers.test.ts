// The formulas of a cell have the numbers of the head, whatever its scale and whatever is added.

import { describe, expect, it } from 'vitest'
import type { HeadDetail } from '../api.ts'
import { cellFormulas, headFormula, numbersAt, scaleOf, tex, valueFormula } from './head-numbers.ts'

const token = (label: string) => ({ id: 0, piece: label, label })
/** Two tokens of width 4: q.k is 4 and 4 + 2 ln 3 for the second, so that its weights are 1/4 and 3/4. */
const third = Math.log(3)
const HEAD: HeadDetail = {
  layer: 0,
  head: 0,
  heads: 1,
  tokens: [token('a'), token('b')],
  width: 4,
  valueWidth: 2,
  query: new Float32Array(8),
  key: new Float32Array(8),
  value: Float32Array.of(1, 2, 4, 8),
  output: new Float32Array(4),
  products: Float64Array.of(2, 6, 4, 4 + 2 * third),
  factor: 0.5,
  cap: null,
  before: 1,
  scores: Float32Array.of(1, Number.NEGATIVE_INFINITY, 2, 2 + third),
  added: Float64Array.of(0, Number.NEGATIVE_INFINITY, 0, 0),
  weights: Float32Array.of(1, 0, 0.25, 0.75),
  group: { count: 1, index: 0, heads: [0] },
  isHalf: false,
  form: 'plain',
  bias: 0,
  gaps: { weights: 0, output: 0 },
}
const CELL = { query: 1, key: 1 }
const plain = (formula: string): string => formula.replace(/\\htmlData\{part=\w+\}\{((?:[^{}]|\{[^{}]*\})*)\}/g, '$1')

describe('the formulas of a cell', () => {
  it('divide by the root of the width', () => {
    expect(plain(headFormula(HEAD))).toContain('QK^{\\top}}{\\sqrt{d_k}}')
    const [score, weight] = cellFormulas(HEAD, CELL).map(plain)
    expect(score).toBe('s_{2,2} = \\frac{q_{2}\\cdot k_{2}}{\\sqrt{d_k}} = \\frac{6.197}{\\sqrt{4}} = 3.099')
    // e^2 and 3 e^2.
    expect(weight).toBe('a_{2,2} = \\frac{e^{3.099}}{\\sum_n e^{s_{2,n}}} = \\frac{22.167}{29.556} = 0.750')
    expect(plain(valueFormula(HEAD, CELL))).toBe('a_{2,2}\\,v_{2} = 0.750\\times (4.000,\\;8.000) = (3.000,\\;6.000)')
  })

  it('count what an export has put into q and k as part of the scale', () => {
    const scaled = { ...HEAD, products: HEAD.products.map((product) => product / 2), factor: 1, before: 0.5 }
    expect(scaleOf(scaled).kind).toBe('root')
    expect(cellFormulas(scaled, CELL)).toEqual(cellFormulas(HEAD, CELL))
  })

  it('say a cap by its tanh', () => {
    const capped = { ...HEAD, cap: 50 }
    expect(plain(headFormula(capped))).toContain('50\\tanh\\!\\left(\\tfrac{1}{50}\\,\\frac{QK^{\\top}}{\\sqrt{d_k}}\\right)')
    expect(plain(cellFormulas(capped, CELL)[0] ?? '')).toContain('50\\tanh\\!\\left(\\tfrac{1}{50}\\,\\frac{6.197}{\\sqrt{4}}\\right)')
  })

  it('show another scale, none, and a bias', () => {
    expect(scaleOf({ ...HEAD, factor: 1 }).kind).toBe('none')
    expect(plain(cellFormulas({ ...HEAD, factor: 0.25 }, CELL)[0] ?? '')).toContain('0.2500\\,(q_{2}\\cdot k_{2}) = 0.2500\\times 6.197')
    const biased: HeadDetail = {
      ...HEAD,
      form: 'biased',
      added: Float64Array.of(0, 0, 0, -1),
      scores: Float32Array.of(1, -9, 2, 1 + third),
    }
    expect(plain(cellFormulas(biased, CELL)[0] ?? '')).toContain('+b_{2,2} = \\frac{6.197}{\\sqrt{4}} - 1.000 = 2.099')
    expect(headFormula({ ...HEAD, factor: null, form: 'unknown' })).toContain('g(')
  })

  it('take powers from the largest score where they would be long', () => {
    const large = { ...HEAD, scores: HEAD.scores.map((score) => score + 40) }
    expect(plain(cellFormulas(large, CELL)[1] ?? '')).toBe(
      'a_{2,2} = \\frac{e^{43.099 - 43.099}}{\\sum_n e^{s_{2,n} - 43.099}} = \\frac{1.000}{1.333} = 0.750',
    )
  })

  it('say that a masked cell has no share', () => {
    expect(numbersAt(HEAD, { query: 0, key: 1 }).isMasked).toBe(true)
    expect(cellFormulas(HEAD, { query: 0, key: 1 }).map(plain)).toEqual(['s_{1,2} = -\\infty', 'a_{1,2} = e^{-\\infty} = 0'])
  })

  it('write small numbers by their power of ten', () => {
    expect([tex(0.00012), tex(0), tex(-1.5), tex(12345.6)]).toEqual(['1.2\\cdot 10^{-4}', '0.000', '-1.500', '12346'])
  })
})
