// What an edit does to the attributions of the tokens that stand in both texts.

import { columnsOf, inColumns } from '#panels/shared/token-columns.ts'
import type { SideAnswer } from '#state/app-state'
import type { Frame } from '#state/layout/frame'

export interface AttributionChange {
  /** Tokens before and after; equal where the token is the same. */
  readonly labels: readonly [string, string]
  readonly before: number
  readonly after: number
  /** Place in the frame. */
  readonly slot: number
}

/**
 * Strongest change first.
 * @param frame of the difference
 * @param before [tokens of A] @param after [tokens of the reference]
 */
export function attributionChanges(
  frame: Frame,
  a: SideAnswer,
  reference: SideAnswer,
  before: Float32Array,
  after: Float32Array,
): readonly AttributionChange[] {
  const columns = columnsOf(frame, a.row.tokens, reference.row.tokens, false)
  const [valuesA, valuesB] = [inColumns(columns, 'a', before, null), inColumns(columns, 'b', null, after)]
  const label = ({ row }: SideAnswer, at: number | undefined): string => row.tokens[at ?? -1]?.label.trim() ?? ''
  const changes = columns.flatMap((column, slot): readonly AttributionChange[] => {
    const [one = Number.NaN, other = Number.NaN] = [valuesA[slot], valuesB[slot]]
    if (Number.isNaN(other - one)) return []
    return [{ labels: [label(a, column.a[0]), label(reference, column.b[0])], before: one, after: other, slot }]
  })
  const size = (change: AttributionChange): number => Math.abs(change.after - change.before)
  return changes.toSorted((one, other) => size(other) - size(one))
}
