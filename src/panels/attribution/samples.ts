// LIME's samples as a reader meets them: each text that was tried once, with both models' numbers.

import type { Surrogate } from '#methods/attribution'
import type { SideAnswer } from '#state/app-state'
import type { Pane } from '#state/panes'
import type { SurrogateSample } from '#views/surrogate'
import { unitText } from './unit-text.ts'

/** Samples belong to a text: a difference, which has none of its own, shows A's where A is not shown beside it. */
export function sampledPanes(panes: readonly Pane[]): readonly Pane[] {
  return panes.filter(({ side }) => side !== 'difference' || panes.length === 1)
}

/** Most weight first: the text itself before all others. */
export function samplesOf(surrogate: Surrogate, { row }: Pick<SideAnswer, 'row'>): readonly SurrogateSample[] {
  const { units, coalitions, outputs, fitted, weights } = surrogate
  const texts = units.map((unit) => unitText(row.tokens, unit))
  const samples = Array.from(outputs, (output, index): SurrogateSample => {
    const coalition = coalitions.subarray(index * units.length, (index + 1) * units.length)
    return {
      key: coalition.join(''),
      pieces: texts.map((text, unit) => ({ text, away: coalition[unit] === 0 })),
      output,
      fitted: fitted[index] ?? Number.NaN,
      weight: weights[index] ?? Number.NaN,
    }
  })
  return samples.sort((one, other) => other.weight - one.weight)
}

/** What is there of a sample's text. */
export function sampleText({ pieces }: Pick<SurrogateSample, 'pieces'>): string {
  const there = pieces.filter(({ away }) => !away).map(({ text }) => text)
  return there.join('').trim()
}
