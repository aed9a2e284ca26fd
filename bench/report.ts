// The report as Markdown: the machine, the measures with their targets, and the numbers behind them.

import { CHARTS } from './charts.ts'
import type { DrawingTimes } from './drawing.ts'
import { kilobytes, table } from './format.ts'
import type { ForwardTimes } from './forward.ts'
import { generationTable } from './generation-rows.ts'
import type { Machine } from './machine.ts'
import { loadNote, MEMORY_NOTE, surgeryTable, tapsTable } from './model-tables.ts'
import type { Row } from './row.ts'
import { chartTitle, type Measured, rowsOf } from './rows.ts'
import type { FileSize, Sizes } from './size.ts'
import { median } from './statistics.ts'

export interface Report {
  readonly machine: Machine
  readonly quick: boolean
  readonly rows: readonly Row[]
  readonly measured: Measured
}

export function makeReport(machine: Machine, quick: boolean, measured: Measured): Report {
  return { machine, quick, measured, rows: rowsOf(measured) }
}

export function markdown({ machine, quick, rows, measured }: Report): string {
  const { forward, sizes, drawing, surgery, taps, memory, load, generation } = measured
  return [
    facts(machine, quick),
    ...(rows.length > 0 ? [rowTable(rows)] : []),
    'Ratios are of medians; in brackets, the quartiles of the ratios of single rounds, or of the rounds.',
    ...(load ? [loadNote(load)] : []),
    ...(memory ? [MEMORY_NOTE] : []),
    ...(surgery ? [surgeryTable(surgery)] : []),
    ...(taps ? [tapsTable(taps)] : []),
    ...(forward ? [forwardTable(forward)] : []),
    ...(generation ? [generationTable(generation)] : []),
    ...(drawing ? [drawingTable(drawing)] : []),
    ...(sizes ? [sizeTable(sizes)] : []),
  ].join('\n\n')
}

function rowTable(rows: readonly Row[]): string {
  return table(
    ['measure', 'value', 'target', ''],
    rows.map(({ measure, value, target, met }) => [measure, value, target ?? '', verdict(target, met)]),
  )
}

function verdict(target: string | null, met: boolean | null): string {
  if (target === null) return ''
  if (met === null) return 'not measured'
  return met ? 'met' : '**missed**'
}

function facts(machine: Machine, quick: boolean): string {
  const { date, cores, processor, load, chromium, node, packages, bertviz } = machine
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`)
  return [
    `${date}, ${cores} cores (${processor}), load ${load.toFixed(1)} at the start, Chromium ${chromium} headless, Node.js ${node}, ${versions.join(', ')}`,
    bertviz === null ? '' : `, BertViz ${bertviz}`,
    '. WASM with one thread where nothing else is said; all contenders take turns in one run.',
    quick ? ' Short trial (`--quick`): few rounds.' : '',
  ].join('')
}

const CONTENDERS: readonly (readonly [string, string])[] = [
  ['instrumented', 'ours: forward with all attention'],
  ['untapped', 'ours: the same without attention'],
  ['unmodified', 'onnxruntime-web: unmodified file'],
  ['unpacked-once', 'onnxruntime-web: unmodified file, weights unpacked once'],
  ['answer', 'ours: text to prediction and all attention'],
  ['pipeline', 'transformers.js: pipeline (text to prediction)'],
]

function forwardTable(times: ForwardTimes): string {
  const lengths = Object.keys(Object.values(times)[0] ?? {})
  return table(
    ['forward, median ms at', ...lengths],
    CONTENDERS.map(([id, title]) => [title, ...lengths.map((tokens) => median(times[id]?.[tokens] ?? []).toFixed(1))]),
  )
}

function drawingTable({ ours, bertviz }: DrawingTimes): string {
  const lengths = [...new Set(ours.map(({ tokens }) => tokens))]
  const line = (title: string, valueAt: (tokens: number) => readonly number[]): readonly string[] => [
    title,
    ...lengths.map((tokens) => {
      const values = valueAt(tokens)
      return values.length === 0 ? '' : Math.round(median(values)).toLocaleString('en')
    }),
  ]
  const charts = CHARTS.flatMap((chart) => {
    const at = (tokens: number) => ours.filter((one) => one.chart === chart && one.tokens === tokens)
    const title = chartTitle(chart)
    return [
      line(`${title}: page load and first drawing`, (tokens) => at(tokens).map(({ fromNavigation }) => fromNavigation)),
      line(`${title}: first drawing`, (tokens) => at(tokens).map(({ first }) => first)),
      line(`${title}: drawing again with other data`, (tokens) => at(tokens).flatMap(({ redraws }) => redraws)),
      line(`${title}: elements`, (tokens) => at(tokens).map(({ elements }) => elements)),
      ...(chart === 'head-grid'
        ? [line('all heads reduced to thumbnails, in the worker', (tokens) => at(tokens).map(({ reduceMs }) => reduceMs))]
        : []),
    ]
  })
  const peers = (['model_view', 'head_view'] as const).flatMap((view) => {
    const at = (tokens: number) => bertviz.filter((one) => one.view === view && one.tokens === tokens)
    const title = `BertViz ${view === 'model_view' ? 'model view (all heads)' : 'head view (one layer, 12 heads)'}`
    if (!bertviz.some((one) => one.view === view)) return []
    return [
      line(`${title}: page load and first drawing`, (tokens) => at(tokens).map(({ first }) => first)),
      line(`${title}: elements`, (tokens) => at(tokens).map(({ elements }) => elements)),
    ]
  })
  return `${table(['drawing, median ms at', ...lengths.map(String)], [...charts, ...peers])}\n\nDrawing times end two frames later, so that style, layout and paint are in them.`
}

function sizeTable({ firstView, runtime, model }: Sizes): string {
  const row = (title: string, { bytes, gzip }: FileSize): readonly string[] => [title, kilobytes(bytes), kilobytes(gzip)]
  return table(
    ['bytes', 'raw', 'gzip'],
    [
      ...firstView.map((file) => row(`first view: ${file.file.replace(/-[\w-]{8}\.js$/, '.js')}`, file)),
      ...runtime.map((file) => row(`runtime, one of these, later: ${file.file}`, file)),
      row(`model, later: ${model.file}`, model),
    ],
  )
}
