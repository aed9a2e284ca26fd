// Rows and table of generation.

import { ms, table } from './format.ts'
import type { GenerationTimes } from './generation.ts'
import type { Row } from './row.ts'
import { median, ratioOf } from './statistics.ts'

/** Times as many tokens per second as transformers.js. */
const TARGETS = { float32: 2, packed: 0.95 }
const NAMES = { float32: 'weights unpacked', packed: 'weights packed' }

export function generationRows(all: readonly GenerationTimes[]): readonly Row[] {
  return all.flatMap(({ weights, rounds, tokens }) =>
    (['cached', 'uncached'] as const).map((generator): Row => {
      const { ratio, low, high } = ratioOf(rounds.transformers, rounds[generator])
      const target = generator === 'cached' ? TARGETS[weights] : null
      const rate = ((1000 * tokens) / median(rounds[generator])).toFixed(1)
      const how = generator === 'cached' ? 'keys and values kept' : 'each token reads the whole text'
      return {
        measure: `tokens per second, ${how}, ${NAMES[weights]} / transformers.js, same file`,
        value: `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}; ${rate} tokens/s)`,
        target: target === null ? null : `≥ ${target.toFixed(2)}`,
        met: target === null ? null : ratio >= target,
      }
    }),
  )
}

export function generationTable(all: readonly GenerationTimes[]): string {
  const contexts = all[0]?.contexts.map(({ context }) => String(context)) ?? []
  const line = (title: string, generator: 'cached' | 'transformers', of: GenerationTimes): readonly string[] => [
    title,
    ...of.contexts.map(({ times }) => ms(median(times[generator]))),
  ]
  return table(
    ['one more token, median, behind tokens', ...contexts],
    all.flatMap((of) => [
      line(`ours, ${NAMES[of.weights]}`, 'cached', of),
      ...(of.weights === 'packed' ? [line('transformers.js', 'transformers', of)] : []),
    ]),
  )
}
