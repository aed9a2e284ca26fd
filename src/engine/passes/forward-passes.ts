// The target's number for other rows of tokens: what perturbation asks, of models with gradients and without.

import type { Activation } from '#answers/answer-kind'
import type { AttributionTarget } from '#methods/attribution'
import { argmax } from '#tensor/vector'
import { EngineError } from '../error.ts'
import { assertNumbers, assertScores } from './assert-numbers.ts'
import { type ChangedRow, createRowBatches, type RowSession } from './row-batches.ts'
import { targetNumber } from './target-number.ts'

/** A session as perturbation sees it. */
export interface ForwardSession extends RowSession {
  readonly activation: Activation
  /** Shape of the answer to one row, [1,C], [1,T,C] or [1,P,C]. */
  readonly answer: readonly number[]
}

/** A row of tokens in place of the input; its position is where the target stands. */
export interface PerturbedRow extends ChangedRow {
  /** Equal for rows of equal content. */
  readonly key: string
}

/** What the model answers to a row where it is asked. */
export interface RowAnswer {
  /** The target's number. */
  readonly output: number
  /** Index of the largest score. */
  readonly best: number
  /** Probabilities of that and of the target, 0..1; NaN for scores that are none. */
  readonly ofBest: number
  readonly ofTarget: number
}

export interface ForwardPasses {
  /**
   * Rows that were asked for before are not run again.
   * @throws EngineError `run-failed`, `not-a-number`
   */
  outputs(rows: readonly PerturbedRow[]): Promise<Float64Array>
  /** Rows of those that were not asked for before, in batches of equal length. */
  batches(rows: readonly PerturbedRow[]): readonly (readonly PerturbedRow[])[]
  /** Rows that were run. */
  passes(): number
}

/** Passes for a target, which know the rest of the answer, too. */
export interface TargetPasses extends ForwardPasses {
  /** As `outputs`, of the same passes. */
  answers(rows: readonly PerturbedRow[]): Promise<readonly RowAnswer[]>
  /** What is known of a row is not asked again. @param scores [C] @throws EngineError `not-a-number` */
  know(row: PerturbedRow, scores: Float32Array): void
}

/** A target's number for other rows. @throws EngineError `no-such-target` */
export function createForwardPasses(graph: ForwardSession, target: AttributionTarget): TargetPasses {
  const { answer, activation } = graph
  const width = answer.at(-1) ?? 0
  if (target.index >= width || (target.foil ?? 0) >= width || (target.position === null) !== (answer.length === 2)) {
    throw new EngineError('no-such-target', 'The model has no such answer to explain.', { index: target.index })
  }
  const { read, know, batches, passes } = readRows(graph, (scores): RowAnswer => {
    const best = argmax(scores)
    const share = (index: number): number =>
      activation === 'none' ? Number.NaN : targetNumber({ index, foil: null, space: 'probability' }, activation, scores)
    const output = targetNumber(target, activation, scores)
    assertNumbers([output])
    return { output, best, ofBest: share(best), ofTarget: share(target.index) }
  })
  return {
    batches,
    passes,
    know,
    answers: read,
    outputs: async (rows) => Float64Array.from(await read(rows), ({ output }) => output),
  }
}

/** @param measure of the scores [C] where a row is asked */
export function measureRows(graph: ForwardSession, measure: (scores: Float32Array) => number): ForwardPasses {
  const { read, batches, passes } = readRows(graph, (scores) => {
    const number = measure(scores)
    assertNumbers([number])
    return number
  })
  return { batches, passes, outputs: async (rows) => Float64Array.from(await read(rows)) }
}

interface RowReadings<Reading> extends Pick<ForwardPasses, 'batches' | 'passes'> {
  read(rows: readonly PerturbedRow[]): Promise<readonly Reading[]>
  know(row: PerturbedRow, scores: Float32Array): void
}

/** @param reading of the scores [C] where a row is asked, which it must not keep */
function readRows<Reading>(graph: ForwardSession, reading: (scores: Float32Array) => Reading): RowReadings<Reading> {
  const { plan, answer } = graph
  const { logits } = plan.outputs
  const known = new Map<string, Reading>()
  let made = 0
  const width = answer.at(-1) ?? 0
  const batches = createRowBatches(graph)

  return {
    passes: () => made,
    know: ({ key }, scores) => {
      assertScores(scores)
      known.set(key, reading(scores))
    },
    batches: (rows) => {
      const missing = new Map(rows.filter(({ key }) => !known.has(key)).map((row) => [row.key, row]))
      const alike = new Map<string, PerturbedRow[]>()
      for (const row of missing.values()) {
        const kind = `${row.ids.length} ${plan.positionsInput === null ? '' : row.position} ${row.embeddings === null}`
        alike.set(kind, [...(alike.get(kind) ?? []), row])
      }
      const most = batches.most()
      return Array.from(alike.values()).flatMap((group) =>
        Array.from({ length: Math.ceil(group.length / most) }, (_, at) => group.slice(at * most, (at + 1) * most)),
      )
    },
    read: async (rows) => {
      const missing = rows.filter(({ key }) => !known.has(key))
      const answers = await batches.run(missing, [logits])
      for (const [at, { key, position }] of missing.entries()) {
        const scores = answers[at]?.(logits) ?? new Float32Array()
        if (scores.length % width !== 0) throw new EngineError('run-failed', 'A batch gave no answer for each of its rows.')
        const start = scores.length === width ? 0 : (position ?? 0) * width
        const there = scores.subarray(start, start + width)
        assertScores(there)
        known.set(key, reading(there))
        made += 1
      }
      return rows.map(({ key }) => {
        const found = known.get(key)
        if (found === undefined) throw new EngineError('run-failed', 'A row was not run.')
        return found
      })
    },
  }
}
