// One attention head worked out again from its own queries, keys and values, in double precision: softmax(f q.k + mask) v, equation 1 of
// Vaswani et al., "Attention Is All You Need" (2017), with the factor f that the model itself has, and its cap c where it has one:
// c tanh(f q.k / c) in the place of f q.k (Gemma Team, "Gemma 2", 2024). What the model adds to the scores besides
// is what is left of them: a mask, or a bias by position.

import { float32At, float64At, largestMagnitude } from '#tensor/vector'

/** What a model has of one head for one text of T tokens; keys may be more, S, where others stand before the text. */
export interface HeadTensors {
  readonly tokens: number
  /** [T,d], [S,d], [S,dv]: as they enter the products. */
  readonly query: Float32Array
  readonly key: Float32Array
  readonly value: Float32Array
  /** [T,S] what the softmax gets; [T,S+1] where a sink that is no token takes its share. */
  readonly scores: Float32Array
  /** [T,S] probabilities. */
  readonly weights: Float32Array
  /** [T,dv] probabilities x values. */
  readonly output: Float32Array
  /** By which q.k is multiplied; null where something else is done to it. */
  readonly factor: number | null
  /** c of the cap; null where there is none. */
  readonly cap: number | null
}

export interface RecomputedHead {
  readonly keys: number
  /** [T,S]: q.k */
  readonly products: Float64Array
  /** [T,S]: the scores less f q.k, or its cap, -Infinity where masked; zeros where f is not known. */
  readonly added: Float64Array
  /** [T,S]: 1 where the query does not see the key. */
  readonly masked: Uint8Array
  /** [T,S]: of the formula; with what is added to the scores where that is a bias. */
  readonly weights: Float64Array
  /**
   * `plain`: f q.k and a mask are all there is. `biased`: the model adds something to the scores. `unknown`: it does something else to
   * q.k, so that the weights are those of the model's own scores.
   */
  readonly form: 'plain' | 'biased' | 'unknown'
  /** Largest number that is added where nothing is masked, relative to the largest of f q.k. */
  readonly bias: number
  /** Largest differences from the model's weights and output, each relative to the largest of these. */
  readonly gaps: { readonly weights: number; readonly output: number }
}

/** No bias by position is as low; exporters mask with -10000, the lowest number of the type, or -Infinity. */
const MASKED_BELOW = -5000

/** @param rounding relative to the largest of f q.k: what is added below it is the arithmetic of the model */
export function recomputeHead(head: HeadTensors, rounding: number): RecomputedHead {
  const { tokens, query, key, scores, factor, cap } = head
  const scaled = (product: number): number => {
    const score = (factor ?? 0) * product
    return cap === null ? score : cap * Math.tanh(score / cap)
  }
  const width = query.length / tokens
  const keys = key.length / width
  const columns = scores.length / tokens
  const size = tokens * keys
  const products = new Float64Array(size)
  const added = new Float64Array(size)
  const masked = new Uint8Array(size)
  for (let row = 0; row < tokens; row++) {
    for (let column = 0; column < keys; column++) {
      const at = row * keys + column
      let product = 0
      for (let k = 0; k < width; k++) product += float32At(query, row * width + k) * float32At(key, column * width + k)
      products[at] = product
      const score = float32At(scores, row * columns + column)
      const rest = score - scaled(product)
      const isMasked = rest < MASKED_BELOW
      masked[at] = isMasked ? 1 : 0
      added[at] = isMasked ? Number.NEGATIVE_INFINITY : factor === null ? 0 : rest
    }
  }
  const seen = Array.from(added.keys()).filter((at) => masked[at] === 0)
  const largest = largestMagnitude(seen.map((at) => (factor === null ? float64At(products, at) : scaled(float64At(products, at)))))
  const bias = factor === null ? 0 : largestMagnitude(seen.map((at) => float64At(added, at))) / Math.max(largest, Number.MIN_VALUE)
  const form = factor === null ? 'unknown' : bias > rounding ? 'biased' : 'plain'
  const scoreOf = (row: number, column: number): number => {
    const at = row * keys + column
    if (masked[at] === 1) return Number.NEGATIVE_INFINITY
    return form === 'plain' && factor !== null ? scaled(float64At(products, at)) : float32At(scores, row * columns + column)
  }
  const weights = new Float64Array(size)
  for (let row = 0; row < tokens; row++) {
    // A sink stands behind the last key, and no value belongs to it.
    const sinks = Array.from({ length: columns - keys }, (_, sink) => float32At(scores, row * columns + keys + sink))
    const own = Array.from({ length: keys }, (_, column) => scoreOf(row, column))
    const top = Math.max(...own, ...sinks)
    const powers = own.map((score) => Math.exp(score - top))
    const sum = [...powers, ...sinks.map((score) => Math.exp(score - top))].reduce((total, power) => total + power, 0)
    weights.set(
      powers.map((power) => power / sum),
      row * keys,
    )
  }
  return { keys, products, added, masked, weights, form, bias, gaps: gapsOf(head, weights, keys) }
}

function gapsOf({ tokens, value, weights: own, output }: HeadTensors, weights: Float64Array, keys: number): RecomputedHead['gaps'] {
  const width = value.length / keys
  let [weightGap, outputGap] = [0, 0]
  // What is no number stays none: it is no agreement.
  for (const [at, weight] of weights.entries()) weightGap = Math.max(weightGap, Math.abs(weight - float32At(own, at)))
  for (let row = 0; row < tokens; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0
      for (let at = 0; at < keys; at++) sum += float64At(weights, row * keys + at) * float32At(value, at * width + column)
      outputGap = Math.max(outputGap, Math.abs(sum - float32At(output, row * width + column)))
    }
  }
  return { weights: weightGap / largestMagnitude(own), output: outputGap / largestMagnitude(output) }
}

/** Heads that share their keys and values with one another. */
export interface HeadGroup {
  /** Different keys and values in the layer. */
  readonly count: number
  /** Which of them, counted from 0. */
  readonly index: number
  /** Heads that have it, in order. */
  readonly heads: readonly number[]
}

/**
 * Which heads of a layer have the same keys and values, number by number: an export may keep one copy for each (Ainslie et al., "GQA", 2023).
 * @param key [H,S,d], or [1,S,d] where all heads share one
 */
export function headGroup(key: Float32Array, value: Float32Array, heads: number, copies: number, head: number): HeadGroup {
  const all = Array.from({ length: heads }, (_, at) => at)
  if (copies === 1) return { count: 1, index: 0, heads: all }
  const same = (one: number, other: number): boolean => sameRows(key, heads, one, other) && sameRows(value, heads, one, other)
  const firsts = all.map((one) => all.find((other) => same(one, other)) ?? one)
  const kinds = Array.from(new Set(firsts))
  return { count: kinds.length, index: kinds.indexOf(firsts[head] ?? head), heads: all.filter((one) => firsts[one] === firsts[head]) }
}

function sameRows(data: Float32Array, heads: number, one: number, other: number): boolean {
  const size = data.length / heads
  for (let at = 0; at < size; at++) if (data[one * size + at] !== data[other * size + at]) return false
  return true
}
