// Rows of the first table about loading a model: visits, and memory.

import { megabytes, spread, spreadMs } from './format.ts'
import type { Visit } from './load.ts'
import type { MemoryPeak } from './memory.ts'
import type { Row } from './row.ts'
import { median } from './statistics.ts'
import { titleOf } from './variants.ts'

export function loadRows(visits: readonly Visit[]): readonly Row[] {
  return [...new Set(visits.map(({ id }) => id))].flatMap((id) => {
    const own = visits.filter((visit) => visit.id === id)
    return [false, true].flatMap((kept) => {
      const these = own.filter((visit) => visit.kept === kept)
      const examples = these.flatMap(({ example }) => (example === null ? [] : [example]))
      const what = kept ? 'return visit, everything kept' : 'first visit'
      return [
        ...timeRow(`${what}, to the precomputed example, ${id}`, examples),
        ...timeRow(
          `${what}, to the model’s first answer, ${id}`,
          these.map(({ live }) => live),
        ),
      ]
    })
  })
}

function timeRow(measure: string, times: readonly number[]): readonly Row[] {
  return times.length === 0 ? [] : [{ measure, value: spreadMs(times), target: null, met: null }]
}

/** Peak over the page before / bytes of the model's file. */
export function memoryRows(memory: readonly MemoryPeak[]): readonly Row[] {
  return memory.map(({ variant, peaks }) => {
    const { fileBytes } = variant
    const ratios = spread(
      peaks.map((peak) => peak / fileBytes),
      (ratio) => ratio.toFixed(1),
    )
    return {
      measure: `peak memory while loading / bytes of the model’s file, ${titleOf(variant)}`,
      value: `${ratios}: ${megabytes(median(peaks))} / ${megabytes(fileBytes)}`,
      target: null,
      met: null,
    }
  })
}
