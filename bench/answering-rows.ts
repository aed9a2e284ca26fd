// From the times of an answer to rows of the table.

import type { AnsweringTimes } from './answering.ts'
import { ms } from './format.ts'
import type { Row } from './row.ts'
import { quantile } from './statistics.ts'

const TARGETS = { first: 60, settled: 1200, task: 50, shift: 0 }
/** Shorter tasks are not reported by the browser. */
const LONG_TASK_MS = 50

export function answeringRows({ tinted, allTinted, first, settled, longTasks, shift, tokens }: AnsweringTimes): readonly Row[] {
  const where = `${tokens} tokens, WASM, one thread`
  const [longest] = longTasks
  return [
    timeRow(`first words tinted behind the forward pass, p95, ${where}`, tinted, TARGETS.first),
    timeRow(`whole sentence tinted behind the forward pass, p95, ${where}`, allTinted, null),
    timeRow(`headline's first answer behind the forward pass, p95, ${where}`, first, TARGETS.first),
    timeRow(`keystroke to the settled headline, p95, ${where}`, settled, TARGETS.settled),
    {
      measure: 'longest main-thread task while typing with every method on',
      value: longest === undefined ? `none over ${LONG_TASK_MS} ms` : `${ms(longest)} (${longTasks.length} over ${LONG_TASK_MS} ms)`,
      target: `≤ ${TARGETS.task} ms`,
      met: longest === undefined || longest <= TARGETS.task,
    },
    {
      measure: 'layout shift while typing with every method on',
      value: shift.toFixed(4),
      target: String(TARGETS.shift),
      met: shift === TARGETS.shift,
    },
  ]
}

function timeRow(measure: string, times: readonly number[], target: number | null): Row {
  const value = quantile(times, 0.95)
  const shown = { measure, value: `${ms(value)} (p50 ${ms(quantile(times, 0.5))})` }
  return target === null ? { ...shown, target: null, met: null } : { ...shown, target: `≤ ${ms(target)}`, met: value <= target }
}
