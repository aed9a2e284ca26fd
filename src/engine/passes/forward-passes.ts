// The target's number for other rows of tokens: what perturbation asks, of models with gradients and without.

import type { Activation } from '#answers/answer-kind'
import type { GradientPlan } from '#autodiff/add-gradients'
import type { PreparedModel } from '#graph/prepare'
import type { AttributionTarget } from '#methods/attribution'
import { EngineError } from '../error.ts'
import type { Feeds, GraphSession } from '../runtime/session.ts'
import type { CacheLayout } from './feeds.ts'
import { embeddingFeeds } from './gradient-feeds.ts'
import { positionFeed, runFeeds } from './run-feeds.ts'
import { targetNumber } from './target-number.ts'

/** A session as perturbation sees it. */
export interface ForwardSession {
  readonly session: GraphSession
  readonly plan: Pick<PreparedModel, 'inputs' | 'ports' | 'outputs' | 'positionsInput'>
  /** null where the graph gives no gradients. */
  readonly gradients: GradientPlan | null
  readonly layout: CacheLayout
  readonly activation: Activation
  /** Shape of the answer to one row, [1,C], [1,T,C] or [1,P,C]. */
  readonly answer: readonly number[]
}

export interface PerturbedRow {
  readonly ids: readonly number[]
  /** Where the target stands in this row; null for models with one answer. */
  readonly position: number | null
  /** [T,d] in place of what the ids look up; null for the lookup. */
  readonly embeddings: Float32Array | null
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

/** More rows in a batch gain nothing. */
const MOST_ROWS = 16
/** A batch of more than one row should not take longer: what is typed meanwhile waits for it. */
const BATCH_MS = 100

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
  const { session, plan, gradients, layout, answer } = graph
  const known = new Map<string, number>()
  const width = answer.at(-1) ?? 0
  let mostRows = plan.inputs.some(({ dims }) => dims.length > 1 && dims[0] === 1) ? 1 : MOST_ROWS
  let rowMs = Number.POSITIVE_INFINITY

  const run = async (rows: readonly PerturbedRow[]): Promise<void> => {
    const [first] = rows
    if (first === undefined) return
    const begun = performance.now()
    const results = await session.run(feedsOf(rows), [plan.outputs.logits])
    rowMs = (performance.now() - begun) / rows.length
    const { data } = results[plan.outputs.logits] ?? { data: new Float32Array() }
    const size = data.length / rows.length
    if (!Number.isInteger(size) || size % width !== 0) throw new EngineError('run-failed', 'A batch gave no answer for each of its rows.')
    rows.forEach(({ key, position }, at) => {
      const start = at * size + (size === width ? 0 : (position ?? 0) * width)
      known.set(key, measure(data.subarray(start, start + width)))
    })
  }
  const feedsOf = (rows: readonly PerturbedRow[]): Feeds => {
    const own = runFeeds(plan, rows, layout)
    const position = plan.positionsInput === null ? {} : { [plan.positionsInput]: positionFeed([rows[0]?.position ?? 0]) }
    return { ...own, ...position, ...embedded(rows) }
  }
  const embedded = (rows: readonly PerturbedRow[]): Feeds => {
    const points = rows.flatMap(({ embeddings }) => embeddings ?? [])
    const [first] = points
    if (first === undefined) return {}
    if (gradients === null) throw new EngineError('no-gradients', 'The model takes no embeddings here.')
    const tokens = rows[0]?.ids.length ?? 1
    const data = new Float32Array(points.length * first.length)
    points.forEach((point, at) => void data.set(point, at * first.length))
    return embeddingFeeds(gradients, { dims: [points.length, tokens, first.length / tokens], data })
  }
  return {
    passes: () => known.size,
    batches: (rows) => {
      const missing = new Map(rows.filter(({ key }) => !known.has(key)).map((row) => [row.key, row]))
      const alike = new Map<string, PerturbedRow[]>()
      for (const row of missing.values()) {
        const kind = `${row.ids.length} ${plan.positionsInput === null ? '' : row.position} ${row.embeddings === null}`
        alike.set(kind, [...(alike.get(kind) ?? []), row])
      }
      const most = Math.max(1, Math.min(mostRows, Math.floor(BATCH_MS / rowMs)))
      return Array.from(alike.values()).flatMap((group) =>
        Array.from({ length: Math.ceil(group.length / most) }, (_, at) => group.slice(at * most, (at + 1) * most)),
      )
    },
    outputs: async (rows) => {
      const missing = rows.filter(({ key }) => !known.has(key))
      try {
        await run(missing)
      } catch (error) {
        if (missing.length === 1) throw error
        // Exports that were traced with one row cannot take more; some say so, others fail.
        mostRows = 1
        for (const row of missing) await run([row])
      }
      return Float64Array.from(rows, ({ key }) => known.get(key) ?? Number.NaN)
    },
  }
}
