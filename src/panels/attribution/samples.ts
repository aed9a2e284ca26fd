// LIME's samples as a reader meets them: each text that was tried once, with both models' numbers.

import type { Surrogate } from '#methods/attribution'
import type { SideAnswer } from '#state/app-state'
import type { Pane } from '#state/panes'
import type { SurrogateSample } from '#views/surrogate'

export interface Sample extends SurrogateSample {
  /** How often it was drawn. */
  readonly times: number
}

/** Samples belong to a text: a difference, which has none of its own, shows A's where A is not shown beside it. */
export function sampledPanes(panes: readonly Pane[]): readonly Pane[] {
  return panes.filter(({ side }) => side !== 'difference' || panes.length === 1)
}

/** Different samples, most weight first: the text itself before all others. */
export function samplesOf(surrogate: Surrogate, { row }: Pick<SideAnswer, 'row'>): readonly Sample[] {
  const { units, coalitions, outputs, fitted, weights } = surrogate
  const texts = unitTexts(units, row)
  const samples = new Map<string, Sample>()
  for (const [index, output] of outputs.entries()) {
    const coalition = coalitions.subarray(index * units.length, (index + 1) * units.length)
    const key = coalition.join('')
    const known = samples.get(key)
    samples.set(
      key,
      known
        ? { ...known, times: known.times + 1 }
        : {
            key,
            pieces: texts.map((text, unit) => ({ text, away: coalition[unit] === 0 })),
            output,
            fitted: fitted[index] ?? Number.NaN,
            weight: weights[index] ?? Number.NaN,
            times: 1,
          },
    )
  }
  return [...samples.values()].sort((one, other) => other.weight - one.weight)
}

/** What is there of a sample's text. */
export function sampleText({ pieces }: Pick<Sample, 'pieces'>): string {
  const there = pieces.filter(({ away }) => !away).map(({ text }) => text)
  return there.join('').trim()
}

/** Each unit as it stands in the text, with a space before it where there is one. */
function unitTexts(units: Surrogate['units'], { tokens }: SideAnswer['row']): readonly string[] {
  return units.map((unit) =>
    unit
      .map((index) => {
        const [token, before] = [tokens[index], tokens[index - 1]]
        if (token === undefined) return ''
        const isApart = token.source === 'edit' || before?.source === 'edit' || token.start > (before?.end ?? token.start)
        return isApart && !/^\s/.test(token.label) ? ` ${token.label}` : token.label
      })
      .join(''),
  )
}
