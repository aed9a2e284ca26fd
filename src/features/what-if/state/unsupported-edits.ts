// Edits that are tried on every token and that some cannot take: how many, by reason.

import { type RefusedTrial, UNFIT, type Unfit } from '../api.ts'

export interface LeftOut {
  readonly reason: Unfit
  readonly count: number
}

/** In one order; reasons that hold of no edit are left out. */
export function leftOut(refused: readonly Pick<RefusedTrial, 'reason'>[]): readonly LeftOut[] {
  return UNFIT.map((reason) => ({ reason, count: refused.filter((one) => one.reason === reason).length })).filter(({ count }) => count > 0)
}

export function isLeftOut({ reason }: Pick<RefusedTrial, 'reason'>): boolean {
  return UNFIT.some((unfit) => unfit === reason)
}
