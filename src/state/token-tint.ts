import type { AppState } from './app-state.ts'

/** How the tokens of a side are tinted; null where nothing is known of it. */
export type TintOf = (state: AppState, side: 'a' | 'b') => TokenTint | null

/** What the tokens of a sentence are tinted by. */
export interface TokenTint {
  /** Contributions to the target, signed; shares of attention; or bits of surprise. */
  readonly kind: 'contribution' | 'share' | 'bits'
  /** By token; NaN where still to come, and left out where there is none. */
  readonly values: ReadonlyMap<number, number>
  /** Tokens that share one value: it is written once. */
  readonly groups: readonly (readonly number[])[]
  /** Magnitudes below this are never painted in full colour, however small the others are. */
  readonly leastFull: number
}
