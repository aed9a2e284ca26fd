/** A row of the first table: a measure with its value, its target and whether it was met. */
export interface Row {
  readonly measure: string
  /** As printed. */
  readonly value: string
  /** As printed; null where no target is set. */
  readonly target: string | null
  /** Null where there is no target, or where the value was not measured in this run. */
  readonly met: boolean | null
}
