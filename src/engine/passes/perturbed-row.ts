// Rows of tokens after edits, as forward passes take them.

import { alignTokens } from '#text/align'
import type { TokenRow } from '#text/token'
import { inputRow } from './feeds.ts'
import type { PerturbedRow } from './forward-passes.ts'

/** A row that stands by itself, for the target's number there. */
export function perturbed(row: TokenRow, position: number | null): PerturbedRow {
  const own = inputRow(row.tokens)
  return { ...own, position, embeddings: null, key: `${position} ${own.ids.join()} ${own.types?.join() ?? ''}` }
}

/** Where a target stands after edits: at the same place from the end, where it stood at the end, else at the same token; undefined where that is gone. */
export function movedPosition(position: number | null, before: TokenRow, after: TokenRow): number | null | undefined {
  if (position === null) return null
  const shift = after.tokens.length - before.tokens.length
  if (position === before.tokens.length - 1) return Math.max(0, position + shift)
  const { a, b } = alignTokens(before.tokens, after.tokens)
  const partner = b[a.indexOf(position)] ?? -1
  return partner < 0 ? undefined : partner
}
