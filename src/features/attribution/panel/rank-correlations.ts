// How far methods agree in their order of the tokens, strongest first regardless of sign.

import { rankCorrelation } from '#tensor/rank-correlation'
import { type AttributionRows, spreadRow } from './rows.ts'

/**
 * Spearman's rank correlation of the magnitudes of every two methods [methods, methods]; NaN where one is not finished, or is zero: it has
 * no order. Tokens of the model's own are left out: some methods never remove them, and their zeros there would agree.
 */
export function rankCorrelations({ columns, methods }: AttributionRows): Float32Array {
  const compared = Array.from(columns.keys()).filter((column) => !columns[column]?.axis.gap && !columns[column]?.axis.special)
  const magnitudes = methods.map((row) => {
    if (!row.isFinished || row.isZero) return null
    const values = spreadRow(columns, row, 'values')
    const own = compared.map((column) => Math.abs(values[column] ?? Number.NaN))
    return own.some(Number.isNaN) ? null : own
  })
  return Float32Array.from(
    magnitudes.flatMap((one) => magnitudes.map((other) => (one === null || other === null ? Number.NaN : rankCorrelation(one, other)))),
  )
}
