// The logit lens over all layers and positions, a position at a time: whole scores of a vocabulary do not leave the worker.

import { type LensReading, readStates } from '#methods/inside/logit-lens'
import type { AskedCell, LensCell, LensColumn, LogitLens } from '../api.ts'
import { aimOf, type Reading, stateAt } from './reading.ts'

/**
 * The asked position comes first, then those nearest to it.
 * @param later turns of the others
 * @throws EngineError `run-failed`, `not-a-number`; the reason of who cancelled
 */
export async function readLens(
  reading: Reading,
  most: number | null,
  later: Reading['turn'],
  progress: (column: LensColumn) => void,
): Promise<LogitLens> {
  const { row, stream, passes, position, target, foil, vocabulary, turn } = reading
  const asked = [target.id, ...(foil === null ? [] : [foil.id])]
  const aim = aimOf(reading)
  const columns: LensColumn[] = []
  const last = Math.min(row.tokens.length, Math.max(position + 1, most ?? row.tokens.length))
  const first = Math.max(0, last - (most ?? row.tokens.length))
  const others = Array.from(row.tokens.keys())
    .filter((at) => at !== position && at >= first && at < last)
    .toSorted((one, other) => Math.abs(one - position) - Math.abs(other - position))
  const together = Math.max(1, Math.floor(MOST_SCORES / stream.states.length / vocabulary))
  for (const places of [[position], ...inGroups(others, together)]) {
    const states = places.flatMap((at) => stream.states.map((_, layer) => stateAt(stream, layer, at)))
    const scores = await (columns.length === 0 ? turn : later)(() => passes.scores(joined(states)))
    const size = scores.length / places.length
    for (const [group, at] of places.entries()) {
      const own = scores.subarray(group * size, (group + 1) * size)
      const cells = readStates(own, size / stream.states.length, asked).map((found) => cellOf(found, reading))
      const column: LensColumn = { ...aim, at, cells }
      columns.push(column)
      progress(column)
    }
  }
  return { ...aim, columns: columns.toSorted((one, other) => one.at - other.at) }
}

/** Scores that are held at once: 32 MB. */
const MOST_SCORES = 2 ** 23

function inGroups<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) => items.slice(group * size, (group + 1) * size))
}

function cellOf({ top, probability, entropy, divergence, asked }: LensReading, { nameOf }: Reading): LensCell {
  const [target = NOTHING, foil = null] = asked
  return { top: nameOf(top), probability, entropy, divergence, target, foil }
}

const NOTHING: AskedCell = { logProbability: Number.NaN, rank: Number.NaN, score: Number.NaN }

function joined(states: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = states
  const all = new Float32Array(states.length * first.length)
  states.forEach((state, at) => void all.set(state, at * first.length))
  return all
}
