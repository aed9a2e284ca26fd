// Rows and table of generation.

import { ms, table } from './format.ts'
import { type GenerationTimes, LENS_TOKENS } from './generation.ts'
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

const LENS_MS = 1000

/** The first time, with the start of what reads the stream. */
export function lensRows(all: readonly GenerationTimes[]): readonly Row[] {
  return all.flatMap(({ weights, lens: [begun] }) =>
    begun === undefined
      ? []
      : [
          ['all layers at the asked position', begun.first],
          ['all layers at all positions', begun.all],
        ].map(
          ([what, time]): Row => ({
            measure: `first logit lens, ${what}, ${LENS_TOKENS} tokens, ${NAMES[weights]}`,
            value: ms(Number(time)),
            target: `≤ ${ms(LENS_MS)}`,
            met: Number(time) <= LENS_MS,
          }),
        ),
  )
}

const MEGABYTE = 1024 ** 2

/** The same with any weights. */
export function treeRows([first]: readonly GenerationTimes[]): readonly Row[] {
  if (first === undefined) return []
  const { branches, bytes, tokens, tokenBytes } = first.tree
  const inMegabytes = (size: number): string => `${(size / MEGABYTE).toFixed(2)} MB`
  return [
    {
      measure: `keys and values of a tree of ${branches} branches: ${tokens} tokens in different places of ${(tokenBytes / 1024).toFixed(0)} kB`,
      value: inMegabytes(bytes),
      target: `≤ ${inMegabytes(tokens * tokenBytes)}`,
      met: bytes <= tokens * tokenBytes,
    },
  ]
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
