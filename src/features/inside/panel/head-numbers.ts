// The numbers of one cell of a head, and the formula that they stand in, as TeX.

import type { HeadDetail } from '../api.ts'
import type { PathCell } from '../state/path.ts'

export interface CellNumbers {
  readonly isMasked: boolean
  /** q.k without the factors that an export has put into q and k. */
  readonly product: number
  /** What the softmax gets. */
  readonly score: number
  /** What is in the score besides the scaled product. */
  readonly added: number
  readonly weight: number
  /** Largest score of the query, and the sum of e^(score - largest) over its keys. */
  readonly largest: number
  readonly sum: number
}

export function numbersAt({ tokens, products, before, scores, added, weights }: HeadDetail, { query, key }: PathCell): CellNumbers {
  const count = tokens.length
  const at = query * count + key
  const row = scores.subarray(query * count, (query + 1) * count)
  const largest = row.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const score = scores[at] ?? Number.NaN
  const weight = weights[at] ?? Number.NaN
  return {
    isMasked: score === Number.NEGATIVE_INFINITY,
    product: (products[at] ?? Number.NaN) / before,
    score,
    added: added[at] ?? Number.NaN,
    weight,
    largest,
    sum: row.reduce((sum, other) => sum + Math.exp(other - largest), 0),
  }
}

/** How q.k becomes a score: divided by the root of the width, taken as it is, or multiplied by a number of the model's own. */
export function scaleOf({ factor, before, width }: HeadDetail): {
  readonly kind: 'root' | 'none' | 'other' | 'unknown'
  readonly whole: number
} {
  if (factor === null) return { kind: 'unknown', whole: Number.NaN }
  const whole = factor * before
  const isLike = (wanted: number): boolean => Math.abs(whole / wanted - 1) < SAME
  return { kind: isLike(1 / Math.sqrt(width)) ? 'root' : isLike(1) ? 'none' : 'other', whole }
}

/** The root of a width, rounded to float16 by some files. */
const SAME = 1e-3

const part = (name: string, tex: string): string => `\\htmlData{part=${name}}{${tex}}`
const Q = part('query', 'Q')
const K = part('key', 'K')
const V = part('value', 'V')

/** A scaled product within the model's cap, where it has one. */
function capped({ cap }: Pick<HeadDetail, 'cap'>, scaled: string): string {
  if (cap === null) return scaled
  const size = Number(cap.toPrecision(4))
  return `${size}\\tanh\\!\\left(\\tfrac{1}{${size}}\\,${scaled}\\right)`
}

/** The head as one formula. */
export function headFormula(detail: HeadDetail): string {
  const { kind, whole } = scaleOf(detail)
  const product = `${Q}${K}^{\\top}`
  const bias = detail.form === 'biased' ? '+B' : ''
  const scaled: Readonly<Record<typeof kind, string>> = {
    root: `\\frac{${product}}{\\sqrt{d_k}}`,
    none: product,
    other: `${whole.toFixed(4)}\\,${product}`,
    unknown: `g(${product})`,
  }
  const score = `${capped(detail, scaled[kind])}${bias}`
  return `${part('output', '\\mathrm{head}')} = ${part('weights', '\\mathrm{softmax}')}\\!\\left(${part('scores', score)}\\right)${V}`
}

/** From q.k to the weight with the numbers of a cell, a line a step. @param i place of the query @param j of the key, both from 1 */
export function cellFormulas(detail: HeadDetail, cell: PathCell): readonly string[] {
  const numbers = numbersAt(detail, cell)
  const { product, score, added, weight, largest, sum, isMasked } = numbers
  const [i, j] = [cell.query + 1, cell.key + 1]
  const { kind, whole } = scaleOf(detail)
  const dot = `${part('query', `q_{${i}}`)}\\cdot ${part('key', `k_{${j}}`)}`
  if (isMasked) return [`${part('scores', `s_{${i},${j}}`)} = -\\infty`, `${part('weights', `a_{${i},${j}}`)} = e^{-\\infty} = 0`]
  const bias = detail.form === 'biased'
  const end = bias ? ` ${added < 0 ? '-' : '+'} ${tex(Math.abs(added))} = ${tex(score)}` : ` = ${tex(score)}`
  const extra = bias ? `+b_{${i},${j}}` : ''
  const isBare = kind === 'none' && !bias && detail.cap === null
  const scaled: Readonly<Record<typeof kind, readonly [letters: string, numbers: string]>> = {
    root: [`\\frac{${dot}}{\\sqrt{d_k}}`, `\\frac{${tex(product)}}{\\sqrt{${detail.width}}}`],
    none: [dot, tex(product)],
    other: [`${whole.toFixed(4)}\\,(${dot})`, `${whole.toFixed(4)}\\times ${tex(product)}`],
    unknown: [`g(${dot})`, `g(${tex(product)})`],
  }
  const [letters, inNumbers] = scaled[kind]
  const scoreLine = `${capped(detail, letters)}${extra} = ${capped(detail, inNumbers)}${isBare ? '' : end}`
  // Powers of scores that are large are told from the largest one, which changes nothing.
  const from = Math.abs(largest) > MOST_POWER ? largest : 0
  const shift = from === 0 ? '' : ` ${from < 0 ? '+' : '-'} ${tex(Math.abs(from))}`
  const power = Math.exp(score - from)
  const total = sum * Math.exp(largest - from)
  return [
    `${part('scores', `s_{${i},${j}}`)} = ${scoreLine}`,
    `${part('weights', `a_{${i},${j}}`)} = \\frac{e^{${tex(score)}${shift}}}{\\sum_n e^{s_{${i},n}${shift}}} = \\frac{${tex(power)}}{${tex(total)}} = ${tex(weight)}`,
  ]
}

/** e^30 is thirteen digits long. */
const MOST_POWER = 12

/** The part of a value that goes into the output. */
export function valueFormula({ value, valueWidth, weights, tokens }: HeadDetail, { query, key }: PathCell): string {
  const first = Array.from({ length: Math.min(SHOWN_VALUES, valueWidth) }, (_, at) => value[key * valueWidth + at] ?? Number.NaN)
  const dots = valueWidth > SHOWN_VALUES ? ',\\ldots' : ''
  const vector = (by: number): string => `(${first.map((one) => tex(one * by)).join(',\\;')}${dots})`
  const weight = weights[query * tokens.length + key] ?? Number.NaN
  const name = `${part('weights', `a_{${query + 1},${key + 1}}`)}\\,${part('value', `v_{${key + 1}}`)}`
  return `${name} = ${tex(weight)}\\times ${vector(1)} = ${vector(weight)}`
}

/** More do not fit beside the matrices. */
const SHOWN_VALUES = 2

/** A number as TeX writes it; small ones by their power of ten. */
export function tex(value: number): string {
  const size = Math.abs(value)
  if (!Number.isFinite(value)) return value < 0 ? '-\\infty' : '\\infty'
  if (size !== 0 && size < 5e-4) {
    const [digits = '', power = ''] = value.toExponential(1).split('e')
    return `${digits}\\cdot 10^{${Number(power)}}`
  }
  return size >= 1e4 ? value.toFixed(0) : value.toFixed(3)
}
