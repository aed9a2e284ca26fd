// What attribution methods see of a started model: the target's number and its gradient, for the row as it is or with other embeddings.

import type { GradientPlan } from '#autodiff/add-gradients'
import type { PreparedInput, PreparedModel } from '#graph/prepare'
import type { AttributionTarget } from '#methods/attribution'
import type { InputPoint, PointGradient } from '#methods/method'
import type { Activation } from '#protocol/engine-api'
import type { Tensor } from '#tensor/tensor'
import type { TokenRow } from '#text/token'
import { EngineError } from './error.ts'
import { buildFeeds, type CacheLayout } from './feeds.ts'
import { embeddingFeeds, type GradientTarget, gradientFeeds, restingFeeds } from './gradient-feeds.ts'
import type { Feed, FeedData, Feeds, GraphSession } from './session.ts'

/** A session whose graph gives gradients, and how it is asked. */
export interface GradientSession {
  readonly session: GraphSession
  readonly plan: Pick<PreparedModel, 'inputs' | 'outputs' | 'positionsInput'>
  readonly gradients: GradientPlan
  readonly layout: CacheLayout
  /** How the scores become probabilities. */
  readonly activation: Activation
  /** Shape of the answer to one row, [1,C], [1,T,C] or [1,P,C]. */
  readonly answer: readonly number[]
}

/** A row and a target, seen through a model. */
export interface TargetRuns {
  readonly tokens: number
  /** One pass; the same answer when it is asked again. @throws EngineError `run-failed` */
  input(): Promise<InputPoint>
  /** One batch. @param points embeddings [T,d] @throws EngineError `run-failed` */
  gradients(points: readonly Float32Array[]): Promise<readonly PointGradient[]>
  /** How many points the next batch should have at most, so that what waits for it need not wait long. */
  rows(): number
}

/** @throws EngineError `no-such-target` */
export type RunsOf = (row: TokenRow, target: AttributionTarget) => TargetRuns

/** More rows in a batch gain nothing. */
const MOST_ROWS = 8
/** A batch of more than one row should not take longer: what is typed meanwhile waits for it. */
const BATCH_MS = 100

export function createRunsOf(graph: GradientSession): RunsOf {
  const { session, plan, gradients, layout } = graph
  const names = { scores: gradients.outputs.scores, gradient: gradients.outputs.embeddings ?? '', words: plan.outputs.embeddings ?? '' }
  /** Exports that were traced with one row cannot take more; some say so, others fail. */
  let mostRows = plan.inputs.some(isOfOneRow) ? 1 : MOST_ROWS

  return (row, target) => {
    const asked = targetOf(graph, row, target)
    const ids = row.tokens.map(({ id }) => id)
    const single = buildFeeds(plan.inputs, { ids }, layout)
    const position = plan.positionsInput === null ? {} : { [plan.positionsInput]: placeFeed(target.position ?? 0) }
    let rowMs = Number.POSITIVE_INFINITY
    let known: Promise<InputPoint> | null = null

    const pass = async (batch: number, embeddings: Tensor | null, outputs: readonly string[]) => {
      const begun = performance.now()
      const results = await session.run(
        {
          ...restingFeeds(gradients),
          ...tiled(single, plan.inputs, batch),
          ...position,
          ...gradientFeeds(gradients, asked, answerShape(graph, batch, ids.length)),
          ...embeddingFeeds(gradients, embeddings),
        },
        outputs,
      )
      rowMs = (performance.now() - begun) / batch
      return (name: string): Float32Array => results[name]?.data ?? new Float32Array()
    }
    const readInput = async (): Promise<InputPoint> => {
      const data = await pass(1, null, [names.scores, names.gradient, names.words])
      return { output: numberOf(graph, asked, data(names.scores)), gradient: data(names.gradient), embeddings: data(names.words) }
    }
    const batchOf = async (points: readonly Float32Array[]): Promise<readonly PointGradient[]> => {
      const size = points[0]?.length ?? 0
      const fed = new Float32Array(points.length * size)
      points.forEach((point, at) => void fed.set(point, at * size))
      const dims = [points.length, ids.length, size / ids.length]
      const data = await pass(points.length, { dims, data: fed }, [names.scores, names.gradient])
      const [scores, gradient] = [data(names.scores), data(names.gradient)]
      if (gradient.length !== fed.length) throw new EngineError('run-failed', `A batch of ${points.length} rows gave no gradient for each.`)
      return points.map((_, at) => ({
        output: numberOf(graph, asked, partOf(scores, at, points.length)),
        gradient: partOf(gradient, at, points.length),
      }))
    }
    return {
      tokens: ids.length,
      input: () => {
        known ??= readInput()
        known.catch(() => {
          known = null
        })
        return known
      },
      gradients: async (points) => {
        try {
          return await batchOf(points)
        } catch (error) {
          if (points.length === 1) throw error
          mostRows = 1
          const found: PointGradient[] = []
          for (const point of points) found.push(...(await batchOf([point])))
          return found
        }
      },
      rows: () => Math.max(1, Math.min(mostRows, Math.floor(BATCH_MS / rowMs))),
    }
  }
}

/** What the graph is asked for. @throws EngineError `no-such-target` */
function targetOf({ answer, plan, gradients }: GradientSession, row: TokenRow, target: AttributionTarget): GradientTarget {
  const { index, foil, position, space } = target
  const width = answer.at(-1) ?? 0
  const isInside = (at: number): boolean => Number.isInteger(at) && at >= 0 && at < width
  const isPlace = position === null ? answer.length === 2 : answer.length === 3 && row.tokens[position] !== undefined
  if (!isInside(index) || !isInside(foil ?? 0) || !isPlace || (space !== 'score' && gradients.inputs.space === null)) {
    throw new EngineError('no-such-target', 'The model has no such answer to explain.', { index, position: position ?? -1, space })
  }
  const elements = [{ index, weight: 1 }, ...(foil === null ? [] : [{ index: foil, weight: -1 }])]
  const isOnlyPlace = plan.positionsInput !== null && gradients.inputs.chosen === null
  return { position: isOnlyPlace ? 0 : position, elements, space }
}

/** Of the answer to a batch; where the head is computed at positions that are asked for, there is one. */
function answerShape({ answer, plan }: GradientSession, batch: number, tokens: number): readonly number[] {
  const width = answer.at(-1) ?? 0
  return answer.length === 2 ? [batch, width] : [batch, plan.positionsInput === null ? tokens : 1, width]
}

/** The target's number, from the scores of one row. */
function numberOf({ answer, activation, gradients }: GradientSession, target: GradientTarget, scores: Float32Array): number {
  const { elements, position, space } = target
  const weighted = (numbers: ArrayLike<number>, place: (index: number, at: number) => number): number =>
    elements.reduce((sum, { index, weight }, at) => sum + weight * (numbers[place(index, at)] ?? Number.NaN), 0)
  // Chosen scores are in the order of the elements.
  if (gradients.inputs.chosen !== null) return weighted(scores, (_, at) => at)
  const width = answer.at(-1) ?? 0
  const start = (position ?? 0) * width
  const row = scores.subarray(start, start + width)
  return weighted(space === 'score' ? row : inSpace(row, space, activation), (index) => index)
}

/** Logarithms are not taken of shares, which may be too small for a number. */
function inSpace(scores: Float32Array, space: 'probability' | 'log-probability', activation: Activation): readonly number[] {
  const largest = scores.reduce((max, score) => Math.max(max, score), Number.NEGATIVE_INFINITY)
  const total = largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0))
  const logs = Array.from(scores, (score) =>
    activation === 'softmax' ? score - total : Math.min(score, 0) - Math.log1p(Math.exp(-Math.abs(score))),
  )
  return space === 'probability' ? logs.map(Math.exp) : logs
}

/** Every input that counts rows once for each row. */
function tiled(feeds: Feeds, inputs: readonly PreparedInput[], batch: number): Feeds {
  if (batch === 1) return feeds
  const symbols = new Map(inputs.map(({ name, dims }) => [name, dims]))
  return Object.fromEntries(
    Object.entries(feeds).map(([name, feed]) => {
      const [first, ...inner] = symbols.get(name) ?? []
      const countsRows = typeof first !== 'number' && (inner.length > 0 || /batch/.test(first ?? ''))
      return [name, countsRows ? { ...feed, dims: [batch, ...feed.dims.slice(1)], data: repeated(feed.data, batch) } : feed]
    }),
  )
}

function repeated(data: FeedData, times: number): FeedData {
  const length = data.length * times
  if (data instanceof BigInt64Array) return BigInt64Array.from({ length }, (_, at) => data[at % data.length] ?? 0n)
  const numbers = Array.from({ length }, (_, at) => Number(data[at % data.length]))
  if (data instanceof Int32Array) return Int32Array.from(numbers)
  if (data instanceof Uint16Array) return Uint16Array.from(numbers)
  return data instanceof Uint8Array ? Uint8Array.from(numbers) : Float32Array.from(numbers)
}

/** Exports that state a batch of one were traced with it. */
function isOfOneRow({ dims }: PreparedInput): boolean {
  return dims.length > 1 && dims[0] === 1
}

function partOf(all: Float32Array, at: number, count: number): Float32Array {
  const size = all.length / count
  return all.slice(at * size, (at + 1) * size)
}

function placeFeed(position: number): Feed {
  return { dims: [1], data: BigInt64Array.of(BigInt(position)) }
}
