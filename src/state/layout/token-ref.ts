import type { TokenRef } from '#share/settings'

/** Where a token stands in the row of a side; null for none, and for one of the other side. */
export function indexOn(side: TokenRef['side'], token: TokenRef | null): number | null {
  return token?.side === side ? token.index : null
}
