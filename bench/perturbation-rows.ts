// Rows of the first table about perturbation, beside Captum and SHAP.

import { spreadMs } from './format.ts'
import type { PerturbationTimes } from './perturbation.ts'
import type { Row } from './row.ts'
import { median, ratioOf } from './statistics.ts'

const TARGET = 0.5

export function perturbationRows({ leaveOut, shapley }: PerturbationTimes): readonly Row[] {
  return [
    ...leaveOut.flatMap(({ tokens, ours, captum }): readonly Row[] => {
      if (captum.length === 0) return [{ measure: `leave one out, ${tokens} tokens`, value: spreadMs(ours), target: null, met: null }]
      const { ratio, low, high } = ratioOf(ours, captum)
      const value = `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}): ${spreadMs(ours)}`
      return [
        { measure: `leave one out, ${tokens} tokens / Captum’s in one batch`, value, target: `at most ${TARGET}`, met: ratio <= TARGET },
      ]
    }),
    ...shapleyRows(shapley),
  ]
}

function shapleyRows({ players, ours, shap }: PerturbationTimes['shapley']): readonly Row[] {
  const told = (of: typeof ours): string =>
    `${spreadMs(of.map(({ ms }) => ms))}, ${(100 * median(of.map(({ error }) => error))).toFixed(1)} % off, ${median(of.map(({ passes }) => passes))} passes`
  const measure = `Shapley values of ${players} tokens to 5 % of the exact ones`
  const own: Row = { measure: `${measure}: ours`, value: told(ours), target: null, met: null }
  if (shap.length === 0) return [own]
  const ratio = median(ours.map(({ ms }) => ms)) / median(shap.map(({ ms }) => ms))
  return [
    own,
    { measure: `${measure}: SHAP’s permutations`, value: told(shap), target: null, met: null },
    { measure: `${measure}: ours / SHAP’s`, value: ratio.toFixed(2), target: `at most ${TARGET}`, met: ratio <= TARGET },
  ]
}
