// Edits that are tried on every token and that some cannot take: how many, by reason.

import { type RefusedTrial, UNSUPPORTED_EDIT_REASONS, type UnsupportedEditReason } from '../api.ts'

export interface UnsupportedEdits {
  readonly reason: UnsupportedEditReason
  readonly count: number
}

/** In one order; reasons that hold of no edit are left out. */
export function unsupportedEdits(refused: readonly Pick<RefusedTrial, 'reason'>[]): readonly UnsupportedEdits[] {
  return UNSUPPORTED_EDIT_REASONS.map((reason) => ({ reason, count: refused.filter((one) => one.reason === reason).length })).filter(
    ({ count }) => count > 0,
  )
}

export function isUnsupportedEdit({ reason }: Pick<RefusedTrial, 'reason'>): boolean {
  return UNSUPPORTED_EDIT_REASONS.some((known) => known === reason)
}
