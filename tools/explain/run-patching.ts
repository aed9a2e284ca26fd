// Activation patching: one text's run with what a layer gave in the other.

import type { PatchDirection, PatchMapId } from '#catalogue/interventions'
import { bothTexts, partName } from './both-texts.ts'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { PatchingQuestion } from './question.ts'
import { aimText, type Head, rounded } from './subject.ts'

export interface PatchingAnswer extends Head {
  readonly text_b: string
  readonly patched: PatchMapId
  readonly direction: PatchDirection
  /** The target's number in the text, and in the other one. */
  readonly a: number
  readonly b: number
  /** Heads of each column, from 0; null where columns are positions. */
  readonly groups: readonly (readonly number[])[] | null
  /** [layers][columns]: the target's number, and the share of the difference that is restored or taken away. */
  readonly numbers: readonly (readonly number[])[]
  readonly shares: readonly (readonly number[])[]
}

/** @throws EngineError `no-interventions`, `site-closed`, `other-length`, `too-alike`, `no-such-target`, `run-failed` */
export async function runPatching(opened: OpenedEngine, text: string, other: string, question: PatchingQuestion): Promise<PatchingAnswer> {
  const { map, direction } = question
  const { head, request } = await bothTexts(opened, text, other, question)
  const found = await opened.engine.patching(
    { ...request, map, direction },
    listening(() => undefined),
  )
  return {
    ...head,
    text_b: other,
    patched: map,
    direction,
    a: rounded(found.clean),
    b: rounded(found.corrupt),
    groups: found.groups,
    numbers: found.layers.map(({ numbers }) => numbers.map(rounded)),
    shares: found.layers.map(({ shares }) => shares.map(rounded)),
  }
}

/** Cells that are listed for a person. */
const LISTED = 15
const WORDS: Readonly<Record<PatchDirection, string>> = {
  denoise: 'B is run with one activation of A; 1 restores A',
  noise: 'A is run with one activation of B; 1 takes all away',
}

export function describePatching(answer: PatchingAnswer): string {
  const { text, text_b: other, patched, direction, a, b, groups, numbers, shares, tokens } = answer
  const cells = shares.flatMap((row, layer) => row.map((share, at) => ({ layer, at, share, number: numbers[layer]?.[at] ?? Number.NaN })))
  const largest = cells.toSorted((one, next) => Math.abs(next.share) - Math.abs(one.share)).slice(0, LISTED)
  const nameOf = (layer: number, at: number): string =>
    groups === null
      ? `layer ${layer} at position ${at + 1} (${tokens[at]})`
      : (groups[at] ?? []).map((head) => partName({ kind: 'head', layer, head })).join(', ')
  return [
    text,
    `  B: ${other}`,
    `  logit of ${aimText(answer)}: ${a.toFixed(4)} in A, ${b.toFixed(4)} in B; layers and heads from 0`,
    `  ${patched}: ${WORDS[direction]}`,
    ...largest.map(({ layer, at, share, number }) => `  ${share.toFixed(4).padStart(9)}  (${number.toFixed(4)})  ${nameOf(layer, at)}`),
    `  the strongest ${largest.length} of ${cells.length}`,
  ].join('\n')
}
