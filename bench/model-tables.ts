// Tables about the embedded models, and what their numbers hold.

import { megabytes, ms, spreadMs, table } from './format.ts'
import type { Visit } from './load.ts'
import { median, ratioOf } from './statistics.ts'
import type { Surgery } from './surgery.ts'
import type { TapTimes } from './taps.ts'
import { titleOf } from './variants.ts'

export const MEMORY_NOTE = [
  'Memory: the peak of the resident set of the page’s process from the choice of the model to its first answer on the page, first visit,',
  'minus the set of the page before that. It holds the files’ bytes, the runtime with its heap, the answer and its drawing; not what the',
  'browser’s other processes hold for its cache.',
].join(' ')

const TAPS_NOTE = [
  'Without attention: the same rewritten graph and weights, no output but the answer. As shipped: the unmodified file in onnxruntime-web,',
  'asked for its answer alone; where that is a vocabulary’s scores it computes them at every position, ours at the last. A model stops at',
  'the length at which its attention fits into the page’s memory for answers.',
].join(' ')

export function loadNote(visits: readonly Visit[]): string {
  const backends = [...new Set(visits.map(({ backend }) => backend))].join('; ')
  return [
    `Visits: from the start of the navigation, each in a browser that was just started, from a server on the same machine; ${backends}.`,
    'On the return visit the model, the runtime and the page come from the disk.',
  ].join(' ')
}

export function surgeryTable(surgery: readonly Surgery[]): string {
  type Line = (all: Surgery['operations']) => string
  const lines: readonly (readonly [string, Line])[] = [
    ['read, check, rewrite and recognise (`openModel`)', (all) => times(all.map(({ openMs }) => openMs))],
    ['instrument and write (`instrumentModel`)', (all) => times(all.map(({ instrumentMs }) => instrumentMs))],
    ['unpack the weights to float32, where they are packed', (all) => times(all.flatMap(({ unpackMs }) => unpackMs ?? []))],
    ['graph in the file, with the weights that it holds', (all) => bytes(median(all.map(({ graphBytes }) => graphBytes)))],
    ['new graph, which points into the file', (all) => bytes(median(all.map(({ newGraphBytes }) => newGraphBytes)))],
    ['nodes: in the file, rewritten, instrumented', (all) => (all[0]?.nodes ?? []).map((count) => count.toLocaleString('en')).join(', ')],
    ['outputs added', (all) => String(all[0]?.taps ?? '')],
  ]
  return `${table(
    ['surgery, median and quartiles', ...surgery.map(({ id }) => id)],
    lines.map(([title, line]) => [title, ...surgery.map(({ operations }) => line(operations))]),
  )}\n\nEach time in a worker of the browser that was just started, as the page does it: code that runs for the first time.`
}

function times(values: readonly number[]): string {
  return values.length === 0 ? '' : spreadMs(values)
}

function bytes(count: number): string {
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : megabytes(count)
}

/** Ratios by length: with taps / without, and with taps / the file as shipped; a length that a model does not take stands in the cell. */
export function tapsTable(taps: readonly TapTimes[]): string {
  const lengths = [...new Set(taps.map(({ asked }) => asked))]
  const titles = [...new Set(taps.map(({ variant }) => titleOf(variant)))]
  const rows = titles.flatMap((title) => {
    const own = lengths.map((asked) => taps.find((one) => one.asked === asked && titleOf(one.variant) === title))
    return [
      [`${title}: median of all attention`, ...own.map((one) => (one ? `${ms(median(one.times.tapped))}${atLength(one)}` : ''))],
      [`${title}: / the same without attention`, ...own.map((one) => (one ? ratioCell(one, 'untapped') : ''))],
      [`${title}: / the file as shipped`, ...own.map((one) => (one ? ratioCell(one, 'shipped') : ''))],
    ]
  })
  return `${table(['forward with all attention, at tokens', ...lengths.map(String)], rows)}\n\n${TAPS_NOTE}`
}

function atLength({ asked, tokens }: TapTimes): string {
  return asked === tokens ? '' : ` at ${tokens}`
}

function ratioCell(one: TapTimes, under: 'untapped' | 'shipped'): string {
  const { ratio, low, high } = ratioOf(one.times.tapped, one.times[under])
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})${atLength(one)}`
}
