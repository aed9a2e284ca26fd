// Two texts as one line: what both have once, and in its place what only one of them has. Whole words differ, never a part of one.

import type { Alignment } from '#text/align'
import type { Token } from '#text/token'
import type { Segment, ShownText } from './shown-text.ts'

export interface DiffSide {
  readonly tokens: readonly Token[]
  readonly shown: ShownText
}

export interface DiffPart {
  /** Who has it; what both have is told by A's tokens. */
  readonly side: 'both' | 'a' | 'b'
  /** In their order; without tokens where a stretch is nobody's. */
  readonly segments: readonly Segment[]
}

type Run = 'both' | 'differs'

/** The line of an alignment of all tokens of both sides; of what differs, A's comes before B's. */
export function diffParts({ a, b }: Alignment, sideA: DiffSide, sideB: DiffSide): readonly DiffPart[] {
  const runs = runsOf({ a, b }, sideA.tokens, sideB.tokens)
  const [readA, readB] = [reader(sideA), reader(sideB)]
  const parts: DiffPart[] = []
  const put = (side: DiffPart['side'], segments: readonly Segment[]): void => {
    const last = parts.at(-1)
    if (last?.side === side) parts.splice(-1, 1, { side, segments: [...last.segments, ...segments] })
    else if (segments.length > 0) parts.push({ side, segments })
  }
  for (let start = 0, end = 0; start < runs.length; start = end) {
    while (end < runs.length && runs[end] === runs[start]) end++
    const [own, other] = [readA(a.subarray(start, end)), readB(b.subarray(start, end))]
    if (runs[start] === 'both') {
      put('both', [...blank(own.gap || (parts.length > 0 ? other.gap : '')), ...own.segments])
      continue
    }
    for (const [side, { gap, segments }] of [['a', own] as const, ['b', other] as const]) {
      if (segments.length === 0) continue
      put('both', blank(gap))
      put(side, segments)
    }
  }
  const { text, spans } = sideA.shown
  put('both', blank(text.slice(Math.max(0, ...spans.map((span) => span?.end ?? 0)))))
  return parts
}

/** [columns]: whether both sides have the same token there, and their words are the same as wholes. */
function runsOf({ a, b }: Alignment, tokensA: readonly Token[], tokensB: readonly Token[]): readonly Run[] {
  const columns = Array.from(a, (index, column) => [tokensA[index], tokensB[b[column] ?? -1]] as const)
  const words = [new Set<number>(), new Set<number>()] as const
  const differ = columns.map(([one, other]) => one?.id !== other?.id)
  const differs = (column: number): boolean =>
    differ[column] === true || (columns[column] ?? []).some((token, side) => token !== undefined && words[side]?.has(token.word))
  for (let before = -1; before !== words[0].size + words[1].size; ) {
    before = words[0].size + words[1].size
    columns.forEach((pair, column) => {
      if (!differs(column)) return
      pair.forEach((token, side) => {
        if (token !== undefined && token.word >= 0) words[side]?.add(token.word)
      })
    })
  }
  return columns.map((_, column) => (differs(column) ? 'differs' : 'both'))
}

interface Stretch {
  /** Before the first token. */
  readonly gap: string
  readonly segments: readonly Segment[]
}

/** Reads a side's text on and on, some tokens at a time. */
function reader({ tokens, shown: { text, spans } }: DiffSide): (indexes: Int32Array) => Stretch {
  let end = 0
  return (indexes) => {
    let gap: string | null = null
    const segments: Segment[] = []
    for (const index of indexes) {
      const span = spans[index] ?? null
      if (span === null || tokens[index]?.source === 'template') continue
      const between = text.slice(end, span.start)
      if (gap === null) gap = between
      else segments.push(...blank(between))
      segments.push({ text: text.slice(Math.max(end, span.start), Math.max(end, span.end)), tokens: [index] })
      end = Math.max(end, span.end)
    }
    return { gap: gap ?? '', segments }
  }
}

function blank(text: string): readonly Segment[] {
  return text === '' ? [] : [{ text, tokens: [] }]
}
