// Runs rows of one length as a batch, one by one where the model cannot take more, and says how many the next batch should have.

import type { GradientPlan } from '#autodiff/add-gradients'
import type { PreparedModel } from '#graph/prepare'
import type { ActivationChange } from '#methods/intervention/activation-change'
import type { ValueZeroing } from '#methods/method'
import { EngineError } from '../error.ts'
import type { Feeds, GraphSession } from '../runtime/session.ts'
import { activationFeeds } from './activation-feeds.ts'
import { type InputConvention, type Row, statesRows } from './feeds.ts'
import { embeddingFeeds } from './gradient-feeds.ts'
import { positionFeed, runFeeds } from './run-feeds.ts'
import { valueMaskFeeds } from './value-mask-feeds.ts'

/** A session as changed rows are run by it. */
export interface RowSession {
  readonly session: GraphSession
  readonly plan: Pick<PreparedModel, 'inputs' | 'ports' | 'outputs' | 'positionsInput' | 'interventions'>
  /** null where the graph gives no gradients. */
  readonly gradients: GradientPlan | null
  readonly layout: InputConvention
}

/** A row of tokens, changed. */
export interface ChangedRow extends Pick<Row, 'ids' | 'types'> {
  /** Where a language model is asked; null for models with one answer. */
  readonly position: number | null
  /** [T,d] in place of what the ids look up; null for the lookup. */
  readonly embeddings: Float32Array | null
  /** Left out where no value vector is zeroed. */
  readonly zeroed?: ValueZeroing
  /** Left out where no activation is changed. */
  readonly changes?: readonly ActivationChange[]
}

/** A row's part of each output that was asked for. */
export type RowOutputs = (name: string) => Float32Array

export interface RowBatches {
  /** @param rows of one length and position, all with embeddings or none @throws EngineError `run-failed`, `no-gradients`, `no-value-masks`, `site-closed` */
  run(rows: readonly ChangedRow[], outputs: readonly string[]): Promise<readonly RowOutputs[]>
  /** What such a batch is fed. @throws as `run` does before it runs */
  feeds(rows: readonly ChangedRow[]): Feeds
  /** How many rows the next batch should have at most. */
  most(): number
}

/** More rows in a batch gain nothing. */
const MOST_ROWS = 16
/** A batch of more than one row should not take longer: what is typed meanwhile waits for it. */
const BATCH_MS = 100

export function createRowBatches({ session, plan, gradients, layout }: RowSession): RowBatches {
  let mostRows = plan.inputs.some(statesRows) ? 1 : MOST_ROWS
  let rowMs = Number.POSITIVE_INFINITY

  const runBatch = async (rows: readonly ChangedRow[], outputs: readonly string[]): Promise<readonly RowOutputs[]> => {
    const begun = performance.now()
    const results = await session.run(feedsOf(rows), outputs)
    rowMs = (performance.now() - begun) / rows.length
    return rows.map((_, at) => (name) => {
      const { data } = results[name] ?? { data: new Float32Array() }
      const size = data.length / rows.length
      if (!Number.isInteger(size)) throw new EngineError('run-failed', 'A batch gave no answer for each of its rows.')
      return data.subarray(at * size, (at + 1) * size)
    })
  }
  const feedsOf = (rows: readonly ChangedRow[]): Feeds => {
    const position = plan.positionsInput === null ? {} : { [plan.positionsInput]: positionFeed([rows[0]?.position ?? 0]) }
    const masks = valueMaskFeeds(plan.interventions.valueMasks ?? null, rows)
    const changes = rows.map((row) => row.changes ?? [])
    const activations = activationFeeds(plan.interventions.activations ?? null, changes, rows[0]?.ids.length ?? 0)
    return { ...runFeeds(plan, rows, layout), ...position, ...embedded(rows), ...masks, ...activations }
  }
  const embedded = (rows: readonly ChangedRow[]): Feeds => {
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
    feeds: feedsOf,
    most: () => Math.max(1, Math.min(mostRows, Math.floor(BATCH_MS / rowMs))),
    run: async (rows, outputs) => {
      if (rows.length === 0) return []
      try {
        return await runBatch(rows, outputs)
      } catch (error) {
        if (rows.length === 1) throw error
        // Exports that were traced with one row cannot take more; some say so, others fail.
        mostRows = 1
        const found: RowOutputs[] = []
        for (const row of rows) found.push(...(await runBatch([row], outputs)))
        return found
      }
    },
  }
}
