import type { Alignment } from '#text/align'
import type { Token } from '#text/token'

/** What the other side has where this one differs: the ghosts that stay in the strip. */
export interface ChangeMarks {
  /** Token index -> the other side's token in its place; null when the other side has none there. */
  readonly replaced: ReadonlyMap<number, string | null>
  /** Token index -> tokens of the other side that are missing before it; the row's length stands for the end. */
  readonly missing: ReadonlyMap<number, readonly string[]>
}

const NO_MARKS: ChangeMarks = { replaced: new Map(), missing: new Map() }

/** Marks of one side against the other; none until both are aligned, and none of a side that says nothing. */
export function changeMarks(side: 'a' | 'b', alignment: Alignment | null, own: readonly Token[], other: readonly Token[]): ChangeMarks {
  if (!alignment || own.every(({ source }) => source === 'template')) return NO_MARKS
  const [mine, theirs] = side === 'a' ? [alignment.a, alignment.b] : [alignment.b, alignment.a]
  const replaced = new Map<number, string | null>()
  const missing = new Map<number, readonly string[]>()
  let next = own.length
  for (let column = mine.length - 1; column >= 0; column--) {
    const token = own[mine[column] ?? -1]
    const partner = other[theirs[column] ?? -1]
    if (token) {
      next = mine[column] ?? next
      if (token.id !== partner?.id) replaced.set(next, partner?.label ?? null)
    } else if (partner) {
      missing.set(next, [partner.label, ...(missing.get(next) ?? [])])
    }
  }
  return { replaced, missing }
}
