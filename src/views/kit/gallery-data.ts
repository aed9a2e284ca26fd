// Seeded data for the gallery: attention that looks like attention, built in code.

import { randomLcg } from 'd3'
import type { AxisToken } from './chart.ts'

/** One drawing of a chart, for the development page and for snapshot tests. */
export interface Example {
  readonly name: string
  readonly render: (element: HTMLElement) => void
}

export type Pattern = 'diagonal' | 'previous' | 'delimiter' | 'broad' | 'causal'

const patterns: readonly Pattern[] = ['diagonal', 'previous', 'delimiter', 'broad']

export function tokensOf(labels: readonly string[], changed: readonly number[] = [], gaps: readonly number[] = []): readonly AxisToken[] {
  return labels.map((label, index) => ({
    label,
    special: /^(\[.+\]|<.+>)$/.test(label),
    changed: changed.includes(index),
    gap: gaps.includes(index),
  }))
}

export const sentence = tokensOf(['[CLS]', 'the', 'film', 'is', 'not', 'bad', 'at', 'all', '.', '[SEP]'], [4])

const words = 'the teacher wrote a short note about how models read long texts and why one word may change everything they say'.split(' ')

/** `count` tokens, words repeated, between [CLS] and [SEP]. */
export function manyTokens(count: number): readonly AxisToken[] {
  return tokensOf(
    Array.from({ length: count }, (_, index) =>
      index === 0 ? '[CLS]' : index === count - 1 ? '[SEP]' : (words[(index - 1) % words.length] ?? ''),
    ),
  )
}

/** Attention [count, count] whose rows sum to 1, of one of the well-known kinds of heads. */
export function attention(count: number, pattern: Pattern, seed: number): Float32Array {
  const random = randomLcg(seed / 1000)
  const values = new Float32Array(count * count)
  for (let row = 0; row < count; row += 1) {
    let sum = 0
    for (let column = 0; column < count; column += 1) {
      const weight = pattern === 'causal' && column > row ? 0 : Math.exp(scoreOf(row, column, count, pattern) + 1.4 * random())
      values[row * count + column] = weight
      sum += weight
    }
    for (let column = 0; column < count; column += 1) {
      const index = row * count + column
      values[index] = (values[index] ?? 0) / sum
    }
  }
  return values
}

function scoreOf(row: number, column: number, count: number, pattern: Pattern): number {
  switch (pattern) {
    case 'diagonal':
      return row === column ? 4.2 : -0.4 * Math.abs(row - column)
    case 'previous':
      return column === row - 1 || (row === 0 && column === 0) ? 5 : 0
    case 'delimiter':
      return column === count - 1 ? 4 + Math.log(count / 10) : column === 0 ? 2.4 : 0
    case 'broad':
    case 'causal':
      return -Math.abs(row - column) / count + (column % 4 === 1 ? 0.9 : 0)
  }
}

/** A - B of two heads of one kind. */
export function difference(count: number, pattern: Pattern, seed: number): Float32Array {
  const b = attention(count, pattern, seed + 1)
  return attention(count, pattern, seed).map((value, index) => value - (b[index] ?? 0))
}

/** Rows and columns of `gaps` become NaN. */
export function withGaps(values: Float32Array, count: number, gaps: readonly number[]): Float32Array {
  return values.map((value, index) => (gaps.includes(Math.floor(index / count)) || gaps.includes(index % count) ? Number.NaN : value))
}

/** Thumbnails of one layer, [heads, size, size]. */
export function thumbnails(heads: number, size: number, layer: number): Uint8Array {
  const bytes = new Uint8Array(heads * size * size)
  for (let head = 0; head < heads; head += 1) {
    const values = attention(size, patterns[(head * 3 + layer) % patterns.length] ?? 'broad', 1 + layer * heads + head)
    bytes.set(
      values.map((value) => Math.round(value * 255)),
      head * size * size,
    )
  }
  return bytes
}

/** Thumbnails of one layer's differences, [heads, size, size]. */
export function signedThumbnails(heads: number, size: number, layer: number): Int8Array {
  const bytes = new Int8Array(heads * size * size)
  for (let head = 0; head < heads; head += 1) {
    const values = difference(size, patterns[(head + layer) % patterns.length] ?? 'broad', 1 + layer * heads + head)
    bytes.set(
      values.map((value) => Math.round(value * 127)),
      head * size * size,
    )
  }
  return bytes
}

export function threeDigits(value: number): string {
  return value.toFixed(3)
}

export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}

export function nothing(): void {
  // The gallery shows drawings; nothing answers to them.
}
