/** What the tokens of a sentence are tinted by. */
export interface TokenTint {
  /** Whether values speak for and against something, or are amounts. */
  readonly signed: boolean
  /** By token; NaN where still to come, and left out where there is none. */
  readonly values: ReadonlyMap<number, number>
  /** Tokens that share one value: it is written once. */
  readonly groups: readonly (readonly number[])[]
}
