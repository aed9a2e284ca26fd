// Two branches as A and B: each text up to its last token, and asked of both why A's last token and not B's.

import { useState } from 'react'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import type { Typed } from '../api.ts'
import { GENERATE, isFilling } from '../state/generate.ts'
import { idsIn, keyOf, type NodeKey } from '../state/tree.ts'

/** Why a branch cannot be opened: it is read as other tokens, or is too long. */
export type Refusal = 'otherTokens' | 'tooLong'

export function refusalOf({ same, tooLong }: Typed): Refusal | null {
  return same ? null : tooLong ? 'tooLong' : 'otherTokens'
}

interface Comparison {
  /** Of the last branch that was tried. */
  readonly refused: Refusal | null
  compare(own: NodeKey, other: NodeKey): Promise<void>
  openAsB(key: NodeKey): Promise<void>
}

export function useComparison(): Comparison {
  const { actions } = useServices()
  const generate = useService(GENERATE)
  const fills = useApp(isFilling)
  const [refused, setRefused] = useState<Refusal | null>(null)
  const typed = async (keys: readonly NodeKey[]): Promise<readonly Typed[] | null> => {
    const found = await Promise.all(keys.map((key) => generate.typed(key)))
    const known = found.filter((one) => one !== null)
    const refusal = known.map(refusalOf).find((one) => one !== null) ?? null
    setRefused(refusal)
    return refusal === null && known.length === keys.length ? known : null
  }
  return {
    refused,
    compare: async (own, other) => {
      const [ownIds, otherIds] = [idsIn(own), idsIn(other)]
      // Masks face each other: the last one that both have filled is asked about.
      const most = fills ? Math.min(ownIds.length, otherIds.length) : Number.POSITIVE_INFINITY
      const [left, right] = [ownIds.slice(0, most), otherIds.slice(0, most)]
      const [a, b] = (await typed([keyOf(left.slice(0, -1)), keyOf(right.slice(0, -1))])) ?? []
      if (a === undefined || b === undefined) return
      const [target = null, foil = null] = [left.at(-1), right.at(-1)]
      actions.open({
        textA: a.text,
        editsA: a.edits,
        textB: b.text,
        editsB: b.edits,
        against: 'b',
        pane: 'all',
        tab: 'attribution',
        target,
        foil: foil === target ? null : foil,
        token: a.mask === null ? null : { side: 'a', index: a.mask },
      })
    },
    openAsB: async (key) => {
      const [b] = (await typed([key])) ?? []
      if (b !== undefined) actions.open({ textB: b.text, editsB: b.edits, against: 'b' })
    },
  }
}
