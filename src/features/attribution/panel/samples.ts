// LIME's samples as a reader meets them: each text that was tried once, with both models' numbers.

import type { Attribution } from '#methods/attribution'
import { unitText } from '#panels/shared/unit-text.ts'
import type { SideAnswer } from '#state/app-state'
import type { Pane } from '#state/layout/panes'
import type { SamplePiece, SurrogateSample } from '#views/bars/surrogate'

/** Samples belong to a text: a difference, which has none of its own, shows A's where A is not shown beside it. */
export function sampledPanes(panes: readonly Pane[]): readonly Pane[] {
  return panes.filter(({ side }) => side !== 'difference' || panes.length === 1)
}

/**
 * Most weight first: the text itself before all others.
 * @param zero what stands for an embedding of zeros, which is no word
 */
export function samplesOf({ surrogate, taken }: Sampled, { row }: Pick<SideAnswer, 'row'>, zero: string): readonly SurrogateSample[] {
  if (surrogate === null) return []
  const { units, coalitions, outputs, fitted, weights } = surrogate
  const texts = units.map((unit) => unitText(row.tokens, unit))
  const fillers = texts.map((text, unit) => fillerOf(text, taken?.removal === 'zero' ? [zero] : taken?.instead?.[unit]))
  const samples = Array.from(outputs, (output, index): SurrogateSample => {
    const coalition = coalitions.subarray(index * units.length, (index + 1) * units.length)
    return {
      key: coalition.join(''),
      pieces: texts.map((text, unit) => ({ text, ...(coalition[unit] === 0 ? { away: true, ...fillers[unit] } : { away: false }) })),
      output,
      fitted: fitted[index] ?? Number.NaN,
      weight: weights[index] ?? Number.NaN,
    }
  })
  return samples.sort((one, other) => other.weight - one.weight)
}

type Sampled = Pick<Attribution, 'surrogate' | 'taken'>

/** What stands in a unit's place, with the space that is before it; the same several times is said once. */
function fillerOf(text: string, labels: readonly string[] | undefined): Pick<SamplePiece, 'instead'> {
  const [first, ...others] = (labels ?? []).map((label) => label.trim())
  if (first === undefined) return {}
  const space = /^\s*/.exec(text)?.[0] ?? ''
  const isSame = others.length > 0 && others.every((label) => label === first)
  return { instead: `${space}${isSame ? `${first}×${others.length + 1}` : [first, ...others].join(' ')}` }
}
