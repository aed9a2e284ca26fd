// What attribution methods see of a started model: the target's number and its gradient, for the row as it is or with other embeddings.

import type { Activation } from '#answers/answer-kind'
import type { GradientPlan } from '#autodiff/add-gradients'
import type { Baseline } from '#catalogue/attribution-options'
import type { PreparedModel } from '#graph/prepare'
import type { AttributionTarget } from '#methods/attribution'
import { tokenNorms } from '#methods/gradient/token-values'
import type { AttentionGradients, InputPoint, PointGradient, ResidualGradients } from '#methods/method'
import type { Tensor } from '#tensor/tensor'
import { float32At } from '#tensor/vector'
import { alignTokens } from '#text/align'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { GraphSession } from '../runtime/session.ts'
import type { WordTable } from '../text/word-table.ts'
import { type InputConvention, inputRow, type Row, statesRows } from './feeds.ts'
import { embeddingFeeds, type GradientTarget, gradientFeeds } from './gradient-feeds.ts'
import { once } from './once.ts'
import { positionFeed, runFeeds } from './run-feeds.ts'
import { targetNumber } from './target-number.ts'

/** A session whose graph gives gradients, and how it is asked. */
export interface GradientSession {
  readonly session: GraphSession
  readonly plan: Pick<PreparedModel, 'inputs' | 'ports' | 'outputs' | 'positionsInput'>
  readonly gradients: GradientPlan
  readonly layout: InputConvention
  /** How the scores become probabilities. */
  readonly activation: Activation
  /** Shape of the answer to one row, [1,C], [1,T,C] or [1,P,C]. */
  readonly answer: readonly number[]
  /** null where it cannot be read. */
  readonly words: WordTable | null
  /** Ids of the tokenizer's own tokens; null where it has none. */
  readonly mask: number | null
  readonly pad: number | null
}

/** A row and a target, seen through a model. */
export interface GradientPasses {
  readonly tokens: number
  /** One pass; the same answer when it is asked again. @throws EngineError `run-failed` */
  input(): Promise<InputPoint>
  /** One batch. @param points embeddings [T,d] @throws EngineError `run-failed` */
  gradients(points: readonly Float32Array[]): Promise<readonly PointGradient[]>
  /** [T,d]. One pass for all but zeros and the mean. @param reference what 'reference' means @throws EngineError `no-baseline`, `run-failed` */
  baseline(kind: Baseline, reference: TokenRow | null): Promise<Float32Array>
  /** [T,d]; a pass where the vocabulary is not at hand. @throws EngineError `run-failed` */
  randomWords(random: () => number): Promise<Float32Array>
  /** One pass; the same answer when it is asked again. @throws EngineError `run-failed` */
  attention(): Promise<AttentionGradients>
  /** One pass; the same answer when it is asked again. @throws EngineError `run-failed` */
  residual(): Promise<ResidualGradients>
  /** How many points the next batch should have at most, so that what waits for it need not wait long. */
  rows(): number
}

/** @throws EngineError `no-such-target` */
export type GradientPassesOf = (row: TokenRow, target: AttributionTarget) => GradientPasses

/** More rows in a batch gain nothing. */
const MOST_ROWS = 8
/** A batch of more than one row should not take longer: what is typed meanwhile waits for it. */
const BATCH_MS = 100

export function createGradientPassesOf(graph: GradientSession): GradientPassesOf {
  const { session, plan, gradients, layout } = graph
  const names = { scores: gradients.outputs.scores, gradient: gradients.outputs.embeddings ?? '', words: plan.outputs.embeddings ?? '' }
  /** Exports that were traced with one row cannot take more; some say so, others fail. */
  let mostRows = plan.inputs.some(statesRows) ? 1 : MOST_ROWS

  return (row, target) => {
    const asked = targetOf(graph, row, target)
    const own = inputRow(row.tokens)
    const { ids } = own
    const position = plan.positionsInput === null ? {} : { [plan.positionsInput]: positionFeed([target.position ?? 0]) }
    let rowMs = Number.POSITIVE_INFINITY

    const pass = async (batch: number, embeddings: Tensor | null, outputs: readonly string[]) => {
      const begun = performance.now()
      const results = await session.run(
        {
          ...runFeeds(plan, new Array<Row>(batch).fill(own), layout),
          ...position,
          ...gradientFeeds(gradients, asked, answerShape(graph, batch, ids.length)),
          ...(embeddings === null ? {} : embeddingFeeds(gradients, embeddings)),
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
    const input = once(readInput)
    const zeros = async (): Promise<Float32Array> => new Float32Array((await input()).embeddings.length)
    /** Word embeddings of other tokens in as many places. */
    const lookUp = async (others: readonly number[]): Promise<Float32Array> => {
      const table = graph.words?.data
      if (table) return joined(others.map((id) => rowOf(table, id, graph.words?.width ?? 0)))
      const feeds = { ...runFeeds(plan, [{ ids: others }], layout), ...position }
      return (await session.run(feeds, [names.words]))[names.words]?.data ?? new Float32Array()
    }
    const everywhere = async (id: number | null, kind: Baseline): Promise<Float32Array> => {
      if (id === null) throw new EngineError('no-baseline', `The model has no such baseline: ${kind}.`, { baseline: kind })
      return lookUp(ids.map(() => id))
    }
    const mean = async (): Promise<Float32Array> => {
      if (graph.words === null) throw new EngineError('no-baseline', 'The vocabulary cannot be read.', { baseline: 'mean' })
      const { mean: one } = graph.words
      return joined(ids.map(() => one))
    }
    /** Each token's partner in the reference, and the mean of the vocabulary where it has none. */
    const partners = async (reference: TokenRow | null): Promise<Float32Array> => {
      if (reference === null) throw new EngineError('no-reference', 'There is no text to begin at.')
      const { a, b } = alignTokens(row.tokens, reference.tokens)
      const partner = new Map(Array.from(a, (own, column) => [own, b[column] ?? -1]))
      const others = ids.map((_, at) => reference.tokens[partner.get(at) ?? -1]?.id ?? null)
      const found = await lookUp(others.map((id) => id ?? 0))
      if (!others.includes(null)) return found
      const width = found.length / ids.length
      const filling = await mean()
      return found.map((value, at) => (others[Math.floor(at / width)] === null ? float32At(filling, at) : value))
    }
    const readAttention = async (): Promise<AttentionGradients> => {
      const last = gradients.outputs.hiddenStates.at(-1)
      const slopes = gradients.outputs.attentions
      const data = await pass(1, null, [names.scores, ...plan.outputs.attentions, ...slopes, ...(last === undefined ? [] : [last])])
      return {
        output: numberOf(graph, asked, data(names.scores)),
        layers: plan.outputs.attentions.map((name, layer) => {
          const values = data(name)
          return { heads: values.length / ids.length ** 2, values, gradient: data(slopes[layer] ?? '') }
        }),
        readOut: sharesOf(last === undefined ? null : data(last), ids.length, target.position),
      }
    }
    const readResidual = async (): Promise<ResidualGradients> => {
      const slopes = gradients.outputs.hiddenStates
      const data = await pass(1, null, [names.scores, ...plan.outputs.hiddenStates, ...slopes])
      const states = plan.outputs.hiddenStates.map((name, at) => ({ values: data(name), gradient: data(slopes[at] ?? '') }))
      return { output: numberOf(graph, asked, data(names.scores)), states }
    }
    const batchOf = async (points: readonly Float32Array[]): Promise<readonly PointGradient[]> => {
      const size = points[0]?.length ?? 0
      const fed = joined(points)
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
      input,
      attention: once(readAttention),
      residual: once(readResidual),
      baseline: (kind, reference) => {
        switch (kind) {
          case 'zero':
            return zeros()
          case 'mask':
            return everywhere(graph.mask, kind)
          case 'pad':
            return everywhere(graph.pad, kind)
          case 'mean':
            return mean()
          case 'reference':
            return partners(reference)
        }
      },
      randomWords: async (random) => {
        const rows = graph.words?.rows
        if (rows === undefined) throw new EngineError('no-baseline', 'The vocabulary cannot be read.', { baseline: 'random' })
        return lookUp(row.tokens.map(({ id, source }) => (source === 'template' ? id : Math.floor(random() * rows))))
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
  // Chosen scores are in the order of the elements.
  if (gradients.inputs.chosen !== null) return elements.reduce((sum, { weight }, at) => sum + weight * float32At(scores, at), 0)
  const width = answer.at(-1) ?? 0
  const start = (position ?? 0) * width
  const [first, second] = elements
  const asked = { index: first?.index ?? 0, foil: second?.index ?? null, space }
  return targetNumber(asked, activation, scores.subarray(start, start + width))
}

/**
 * Where the answer is read: lengths of the gradient at each position of the last hidden state, as shares. A classifier reads its first
 * or last token, or all, and a language model the position that is asked about.
 * @param gradient [T,d]; null where the residual stream is not known
 */
function sharesOf(gradient: Float32Array | null, tokens: number, position: number | null): Float32Array {
  const lengths = gradient === null ? null : tokenNorms(gradient, tokens)
  const sum = lengths?.reduce((total, length) => total + length, 0) ?? 0
  if (lengths !== null && sum > 0) return lengths.map((length) => length / sum)
  const isRead = (at: number): boolean => position === null || at === position
  return Float32Array.from({ length: tokens }, (_, at) => (isRead(at) ? 1 / (position === null ? tokens : 1) : 0))
}

function rowOf(table: Float32Array, id: number, width: number): Float32Array {
  return table.subarray(id * width, (id + 1) * width)
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0
  const all = new Float32Array(rows.length * width)
  rows.forEach((row, at) => void all.set(row, at * width))
  return all
}

function partOf(all: Float32Array, at: number, count: number): Float32Array {
  const size = all.length / count
  return all.slice(at * size, (at + 1) * size)
}
