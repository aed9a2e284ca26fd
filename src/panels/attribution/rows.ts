// The values of several methods as rows over the tokens, or over words, whose pieces are summed.

import type { AttributionMethodId } from '#methods/attribution'
import type { AttributionState, SideAnswer } from '#state/app-state'
import { sameInput } from '#state/panes'
import type { Token } from '#text/token'
import type { AxisToken } from '#views/chart'

export interface AttributionRows {
  readonly tokens: readonly AxisToken[]
  /** Index of the first token of each column. */
  readonly first: readonly number[]
  /** [methods, columns]; NaN where a method has no value yet. */
  readonly values: Float32Array
}

export interface RowOptions {
  readonly byWord: boolean
  readonly showSpecials: boolean
}

/** @param methods in the order of the rows */
export function attributionRows(
  answer: SideAnswer,
  methods: readonly AttributionMethodId[],
  attributions: Readonly<Partial<Record<AttributionMethodId, AttributionState>>>,
  { byWord, showSpecials }: RowOptions,
): AttributionRows {
  const { tokens } = answer.row
  const columns = columnsOf(tokens, byWord).filter((column) => showSpecials || column.some((index) => tokens[index]?.source !== 'template'))
  const values = new Float32Array(methods.length * columns.length).fill(Number.NaN)
  methods.forEach((method, row) => {
    const state = attributions[method]
    if (!state?.attribution || !sameInput(state.input, answer.input)) return
    const { values: own } = state.attribution
    columns.forEach((column, at) => {
      values[row * columns.length + at] = column.reduce((sum, index) => sum + (own[index] ?? Number.NaN), 0)
    })
  })
  return { tokens: columns.map((column) => axisToken(column, tokens)), first: columns.map(([index = 0]) => index), values }
}

function columnsOf(tokens: readonly Token[], byWord: boolean): readonly (readonly number[])[] {
  const columns: number[][] = []
  tokens.forEach(({ word }, index) => {
    const before = columns.at(-1)
    const joins = byWord && word >= 0 && before !== undefined && tokens[before[0] ?? -1]?.word === word
    if (joins) before.push(index)
    else columns.push([index])
  })
  return columns
}

function axisToken(column: readonly number[], tokens: readonly Token[]): AxisToken {
  const pieces = column.flatMap((index) => tokens[index] ?? [])
  return {
    label: pieces.map(({ label }) => label).join(''),
    special: pieces.every(({ source }) => source === 'template'),
    changed: pieces.some(({ source }) => source === 'edit'),
    gap: false,
  }
}
