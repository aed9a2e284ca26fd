// The target's number for other rows of tokens: what perturbation asks, of models with gradients and without.

import type { Activation } from '#answers/answer-kind'
import type { AttributionTarget } from '#methods/attribution'
import { EngineError } from '../error.ts'
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

export interface ForwardPasses {
  /**
   * Rows that were asked for before are not run again.
   * @throws EngineError `run-failed`
   */
  outputs(rows: readonly PerturbedRow[]): Promise<Float64Array>
  /** Rows of those that were not asked for before, in batches of equal length. */
  batches(rows: readonly PerturbedRow[]): readonly (readonly PerturbedRow[])[]
  /** Rows that were run. */
  passes(): number
}

/** A target's number for other rows. @throws EngineError `no-such-target` */
export function createForwardPasses(graph: ForwardSession, target: AttributionTarget): ForwardPasses {
  const { answer, activation } = graph
  const width = answer.at(-1) ?? 0
  if (target.index >= width || (target.foil ?? 0) >= width || (target.position === null) !== (answer.length === 2)) {
    throw new EngineError('no-such-target', 'The model has no such answer to explain.', { index: target.index })
  }
  return measureRows(graph, (scores) => targetNumber(target, activation, scores))
}

/** @param measure of the scores [C] where a row is asked */
export function measureRows(graph: ForwardSession, measure: (scores: Float32Array) => number): ForwardPasses {
  const { plan, answer } = graph
  const { logits } = plan.outputs
  const known = new Map<string, number>()
  const width = answer.at(-1) ?? 0
  const batches = createRowBatches(graph)

  return {
    passes: () => known.size,
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
    outputs: async (rows) => {
      const missing = rows.filter(({ key }) => !known.has(key))
      const answers = await batches.run(missing, [logits])
      for (const [at, { key, position }] of missing.entries()) {
        const scores = answers[at]?.(logits) ?? new Float32Array()
        if (scores.length % width !== 0) throw new EngineError('run-failed', 'A batch gave no answer for each of its rows.')
        const start = scores.length === width ? 0 : (position ?? 0) * width
        known.set(key, measure(scores.subarray(start, start + width)))
      }
      return Float64Array.from(rows, ({ key }) => known.get(key) ?? Number.NaN)
    },
  }
}
