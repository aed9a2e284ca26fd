// Rows of the first table about gradients: what a backward pass costs, and integrated gradients beside Captum's.

import { ms, spreadMs } from './format.ts'
import type { GradientTimes, Integration } from './gradients.ts'
import type { Row } from './row.ts'
import { median, type Ratio, ratioOf } from './statistics.ts'

const TARGETS = { backward: 3, captum: 1 }

export function gradientRows({ backward, limits, timed, gallery }: GradientTimes): readonly Row[] {
  return [
    ...backward.map(({ id, tokens, forward, both }) =>
      ratioRow(`forward and backward / forward, ${id}, ${tokens} tokens`, ratioOf(both, forward), TARGETS.backward),
    ),
    ...limits.map(({ tokens, products, step }): Row => {
      const value = `${(median(step) / median(products)).toFixed(2)}: ${ms(median(step))} / ${ms(median(products))}`
      return { measure: `a step forward and back / its products of weights alone, ${tokens} tokens`, value, target: null, met: null }
    }),
    ...timed.flatMap(timedRows),
    ...galleryRows(gallery),
  ]
}

function timedRows({ tokens, ours, captum }: Integration): readonly Row[] {
  const [first] = ours
  if (first === undefined) return []
  const own: Row = {
    measure: `integrated gradients, ${tokens} tokens: ours, ${first.steps} steps, ${percent(first)} off`,
    value: spreadMs(ours.map(({ ms: taken }) => taken)),
    target: null,
    met: null,
  }
  const [theirs] = captum
  if (theirs === undefined) return [own]
  const ratio = ratioOf(
    ours.map(({ ms: taken }) => taken),
    captum.map(({ ms: taken }) => taken),
  )
  const measure = `the same / Captum, ${theirs.steps} steps, ${percent(theirs)} off`
  return [own, ratioRow(measure, ratio, TARGETS.captum)]
}

/** The worst of all texts, as a share of what the values should add up to. */
function galleryRows(gallery: readonly Integration[]): readonly Row[] {
  const worst = (of: 'ours' | 'captum'): number => Math.max(...gallery.flatMap((text) => text[of].map(shareOf)))
  const steps = gallery.flatMap(({ ours }) => ours.map((one) => one.steps))
  if (steps.length === 0) return []
  const [own, theirs] = [worst('ours'), worst('captum')]
  const known = Number.isFinite(theirs)
  return [
    {
      measure: `integrated gradients of the ${gallery.length} examples, largest error: ours / Captum’s`,
      value: `${(100 * own).toFixed(2)} % / ${known ? `${(100 * theirs).toFixed(2)} %` : 'not measured'}; ours took ${Math.min(...steps)} to ${Math.max(...steps)} steps`,
      target: 'ours is smaller',
      met: known ? own < theirs : null,
    },
  ]
}

function ratioRow(measure: string, { ratio, low, high }: Ratio, target: number): Row {
  return {
    measure,
    value: `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
    target: `at most ${target.toFixed(2)}`,
    met: ratio <= target,
  }
}

function percent(one: Integration['ours'][number]): string {
  return `${(100 * shareOf(one)).toFixed(2)} %`
}

function shareOf({ missing, expected }: Integration['ours'][number]): number {
  return missing / Math.abs(expected)
}
