// Rows of the first table about perturbation, beside Captum, SHAP and LIME.

import { spreadMs } from './format.ts'
import type { PerturbationTimes, Race, Reached } from './perturbation.ts'
import type { Row } from './row.ts'
import { median } from './statistics.ts'

const TARGET = 0.5

export function perturbationRows({ leaveOut, shapley, lime, batches, hits }: PerturbationTimes): readonly Row[] {
  return [
    ...leaveOut.map((race) => raceRow(race, `leave one out, ${race.tokens} tokens`, 'Captum’s in one batch', () => '')),
    ...shapley.map((race) => {
      const measure = `Shapley values of ${race.tokens} tokens to ${100 * race.goal} % of the ${race.goal < 0.1 ? 'exact ones' : 'long run'}`
      return raceRow(race, measure, 'SHAP’s permutations', (score) => `, ${(100 * score).toFixed(1)} % off`)
    }),
    ...lime.map((race) =>
      raceRow(race, `LIME of ${race.tokens} tokens in the order of its 5,000 samples`, 'the library’s', (score) => `, ${score.toFixed(2)}`),
    ),
    ...lengthsOf(batches).map((tokens): Row => {
      const own = batches.filter((one) => one.tokens === tokens)
      const value = own.map(({ rows, perSecond }) => `${rows}: ${perSecond.toFixed(0)}`).join(', ')
      return { measure: `rows a second by rows in a batch, ${tokens} tokens`, value, target: null, met: null }
    }),
    {
      measure: 'rows that need not run: four methods, a word replaced and put back',
      value: `${(100 * hits).toFixed(0)} %`,
      target: null,
      met: null,
    },
  ]
}

function raceRow({ ours, peer }: Race, measure: string, name: string, told: (score: number) => string): Row {
  const each = (of: readonly Reached[]): string => {
    const rows = `${median(of.map(({ rows: run }) => run)).toFixed(0)} rows`
    const missed = of.every(({ reached }) => reached) ? '' : ', not reached'
    return `${spreadMs(of.map(({ ms }) => ms))}, ${rows}${told(median(of.map(({ score }) => score)))}${missed}`
  }
  if (peer.length === 0) return { measure, value: each(ours), target: null, met: null }
  const ratio = median(ours.map(({ ms }) => ms)) / median(peer.map(({ ms }) => ms))
  // A peer that has not come so far would take longer still.
  const bound = peer.every(({ reached }) => reached) ? '' : 'below '
  const met = ratio <= TARGET && ours.every(({ reached }) => reached)
  return {
    measure: `${measure} / ${name}`,
    value: `${bound}${ratio.toFixed(2)}: ${each(ours)} / ${each(peer)}`,
    target: `at most ${TARGET}`,
    met,
  }
}

function lengthsOf(batches: PerturbationTimes['batches']): readonly number[] {
  return Array.from(new Set(batches.map(({ tokens }) => tokens)))
}
