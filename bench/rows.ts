// From timings to the rows of the table: each measure with its value, its target and whether it was met.

import type { AnsweringTimes } from './answering.ts'
import { answeringRows } from './answering-rows.ts'
import type { ChartName } from './charts.ts'
import type { DrawingTimes } from './drawing.ts'
import { kilobytes, ms } from './format.ts'
import type { ForwardTimes } from './forward.ts'
import type { GenerationTimes } from './generation.ts'
import { generationRows, lensRows, treeRows } from './generation-rows.ts'
import { gradientRows } from './gradient-rows.ts'
import type { GradientTimes } from './gradients.ts'
import type { Visit } from './load.ts'
import type { MemoryPeak } from './memory.ts'
import { loadRows, memoryRows } from './model-rows.ts'
import type { PerturbationTimes } from './perturbation.ts'
import { perturbationRows } from './perturbation-rows.ts'
import type { Row } from './row.ts'
import type { Sizes } from './size.ts'
import { median, quantile, type Ratio, ratioOf } from './statistics.ts'
import type { Surgery } from './surgery.ts'
import type { TapTimes } from './taps.ts'
import type { TypingTimes } from './typing.ts'

/** Everything that one run measured; parts that were not asked for are absent. */
export interface Measured {
  readonly forward?: ForwardTimes | undefined
  readonly typing?: TypingTimes | undefined
  readonly answering?: AnsweringTimes | undefined
  readonly sizes?: Sizes | undefined
  readonly drawing?: DrawingTimes | undefined
  readonly surgery?: readonly Surgery[] | undefined
  readonly taps?: readonly TapTimes[] | undefined
  /** Null where the system does not tell. */
  readonly memory?: readonly MemoryPeak[] | null | undefined
  readonly load?: readonly Visit[] | undefined
  readonly generation?: readonly GenerationTimes[] | undefined
  readonly gradients?: GradientTimes | undefined
  readonly perturbation?: PerturbationTimes | undefined
}

const TARGETS = { unpacked: 1.1, pipeline: 0.8, keystroke: 60, task: 50, script: 260_000, drawing: 0.03 }
/** Length at which drawing is compared with BertViz. */
const COMPARED_TOKENS = 64
/** BertViz's model view at 64 tokens, measured on another day: shown where it cannot be measured beside ours, and never divided by. */
const RECORDED_BERTVIZ = '6 s and 300,000 elements'
/** Shorter tasks are not reported by the browser. */
const LONG_TASK_MS = 50

export function rowsOf({
  forward,
  typing,
  answering,
  sizes,
  drawing,
  memory,
  load,
  generation,
  gradients,
  perturbation,
}: Measured): readonly Row[] {
  return [
    ...(forward ? forwardRows(forward) : []),
    ...(typing ? typingRows(typing) : []),
    ...(answering ? answeringRows(answering) : []),
    ...(sizes ? [sizeRow(sizes)] : []),
    ...(load ? loadRows(load) : []),
    ...(memory ? memoryRows(memory) : []),
    ...(drawing ? drawingRows(drawing) : []),
    ...(generation ? [...generationRows(generation), ...lensRows(generation), ...treeRows(generation)] : []),
    ...(gradients ? gradientRows(gradients) : []),
    ...(perturbation ? perturbationRows(perturbation) : []),
  ]
}

function forwardRows(times: ForwardTimes): readonly Row[] {
  const compare = (measure: string, over: string, under: string, target: number | null): readonly Row[] =>
    Object.keys(times[over] ?? {}).map((tokens) =>
      ratioRow(`${measure}, ${tokens} tokens`, ratioOf(times[over]?.[tokens] ?? [], times[under]?.[tokens] ?? []), target),
    )
  return [
    ...compare('forward with all attention / unmodified file, weights unpacked once', 'instrumented', 'unpacked-once', TARGETS.unpacked),
    ...compare('forward with all attention / unmodified file as it is', 'instrumented', 'unmodified', null),
    ...compare('text to prediction and all attention / transformers.js pipeline', 'answer', 'pipeline', TARGETS.pipeline),
  ]
}

function ratioRow(measure: string, { ratio, low, high }: Ratio, target: number | null): Row {
  return {
    measure,
    value: `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
    target: target === null ? null : `≤ ${target.toFixed(2)}`,
    met: target === null ? null : ratio <= target,
  }
}

function typingRows({ latencies, longTasks, tokens: [fewest, most] }: TypingTimes): readonly Row[] {
  const [half, most95] = [quantile(latencies, 0.5), quantile(latencies, 0.95)]
  const [longest] = longTasks
  const where = `${fewest} to ${most} tokens`
  return [
    { measure: `keystroke to drawn heatmap, p50, ${where}`, value: ms(half), target: null, met: null },
    {
      measure: `keystroke to drawn heatmap, p95, ${where}`,
      value: ms(most95),
      target: `≤ ${TARGETS.keystroke} ms`,
      met: most95 <= TARGETS.keystroke,
    },
    {
      measure: 'longest main-thread task while typing',
      value: longest === undefined ? `none over ${LONG_TASK_MS} ms` : `${ms(longest)} (${longTasks.length} over ${LONG_TASK_MS} ms)`,
      target: `≤ ${TARGETS.task} ms`,
      met: longest === undefined || longest <= TARGETS.task,
    },
  ]
}

function sizeRow({ firstView }: Sizes): Row {
  const bytes = firstView.reduce((sum, { gzip }) => sum + gzip, 0)
  return {
    measure: 'JavaScript before the first view, gzip',
    value: kilobytes(bytes),
    target: `≤ ${kilobytes(TARGETS.script)}`,
    met: bytes <= TARGETS.script,
  }
}

const TITLES: Readonly<Record<ChartName, string>> = {
  'head-grid': 'head grid',
  heatmap: 'heatmap',
  arcs: 'arcs',
  flow: 'lines of 12 heads',
}

/**
 * The charts of the target against BertViz's model view, which draws while its page loads: against its one number stand our drawing
 * alone, and our drawing with the load of a page around it.
 */
function drawingRows({ ours, bertviz }: DrawingTimes): readonly Row[] {
  const theirs = bertviz.filter(({ view, tokens }) => view === 'model_view' && tokens === COMPARED_TOKENS).map(({ first }) => first)
  const compared = (['head-grid', 'heatmap', 'arcs'] as const).map((chart) => ({
    title: TITLES[chart],
    drawn: ours.filter((one) => one.chart === chart && one.tokens === COMPARED_TOKENS),
  }))
  return [
    ...compared.map(({ title, drawn }) =>
      drawingRow(
        `${title}, first drawing`,
        drawn.map(({ first }) => first),
        theirs,
      ),
    ),
    ...compared.map(({ title, drawn }) =>
      drawingRow(
        `${title}, first drawing and load of its page`,
        drawn.map(({ fromNavigation }) => fromNavigation),
        theirs,
      ),
    ),
  ]
}

function drawingRow(what: string, drawn: readonly number[], theirs: readonly number[]): Row {
  const measure = `${what} / BertViz model view, ${COMPARED_TOKENS} tokens`
  const target = `≤ ${TARGETS.drawing}`
  if (theirs.length === 0 || drawn.length === 0) {
    return { measure, value: `BertViz not measured here (recorded elsewhere: ${RECORDED_BERTVIZ})`, target, met: null }
  }
  const ratio = median(drawn) / median(theirs)
  return { measure, value: `${ratio.toFixed(3)} (${ms(median(drawn))} / ${ms(median(theirs))})`, target, met: ratio <= TARGETS.drawing }
}

export function chartTitle(chart: ChartName): string {
  return TITLES[chart]
}
