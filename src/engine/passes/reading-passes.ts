// A row's residual stream, and what it is read by: the final norm, the output head and the output projections, of any states and heads.

import type { GradientPlan } from '#autodiff/add-gradients'
import type { ReadingModel } from '#autodiff/reading-model'
import type { PreparedModel } from '#graph/prepare'
import { type FinalNorm, readNorm } from '#methods/inside/final-norm'
import { elementAt, float32At } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { Feed, Feeds, GraphSession } from '../runtime/session.ts'
import { assertScores } from './assert-numbers.ts'
import { type InputConvention, inputRow } from './feeds.ts'
import { gradientFeeds } from './gradient-feeds.ts'
import { once } from './once.ts'
import { positionFeed, runFeeds } from './run-feeds.ts'

/** The model that reads the stream, started when it is first asked. */
export interface ReadingSession extends Pick<ReadingModel, 'width' | 'inputs' | 'outputs'> {
  /** @throws EngineError `session-failed` */
  start(): Promise<GraphSession>
}

export interface ReadableSession {
  readonly session: GraphSession
  readonly plan: Pick<PreparedModel, 'inputs' | 'ports' | 'outputs' | 'positionsInput'>
  readonly gradients: GradientPlan | null
  readonly layout: InputConvention
  /** Shape of the answer to one row, [1,T,V] or [1,P,V]. */
  readonly answer: readonly number[]
  readonly reading: ReadingSession
}

/** The residual stream of a row. */
export interface Stream {
  readonly tokens: number
  /** Components of a state. */
  readonly width: number
  /** What each layer begins with, [T,d] each, and last what the final norm gets. */
  readonly states: readonly Float32Array[]
  /** What the layers add to it; null where that is not known of every layer. */
  readonly written: Written | null
}

export interface Written {
  /** Of each layer, [T,H*hd]: the heads' outputs side by side. */
  readonly joinedHeads: readonly Float32Array[]
  /** Of each layer, [T,d]. */
  readonly mlps: readonly Float32Array[]
}

/** Scores of tokens as a linear map of what the head multiplies. */
export interface HeadColumns {
  /** [d] of each token. */
  readonly weights: readonly Float32Array[]
  /** Of each token. */
  readonly biases: readonly number[]
}

export interface ReadingPasses {
  /** One pass; the last row's is kept. @throws EngineError `run-failed` */
  stream(row: TokenRow): Promise<Stream>
  /** Scores [N,V] of states [N,d]. @throws EngineError `run-failed`, `session-failed`, `not-a-number` */
  scores(states: Float32Array): Promise<Float32Array>
  /** null where the head multiplies something else than the norm of the stream, or a layer's parts were not recognised. */
  readonly linear: LinearReading | null
  /**
   * Gradients [T,d] at each of the stream's states but the last, of a number of which the gradient at the stream's end is given [d] for
   * one position. null where the model has no gradients.
   */
  readonly pullBack: ((row: TokenRow, position: number, gradient: Float32Array) => Promise<readonly Float32Array[]>) | null
}

/** Parts by which the scores are a sum of what the components of the model write. */
export interface LinearReading {
  /** The model's own scores [V] at a position. One pass. @throws EngineError `run-failed` */
  answer(row: TokenRow, position: number): Promise<Float32Array>
  /** The norm's constants, read off a vector along each axis. */
  finalNorm(): Promise<FinalNorm>
  /** All at once. @throws EngineError `run-failed`, `session-failed` */
  read(asked: LinearQuestion): Promise<LinearAnswer>
}

export interface LinearQuestion {
  /** [d]: a state at the end of the stream. */
  readonly state: Float32Array
  readonly tokens: readonly number[]
  /** Heads side by side for each layer, [N,H*hd] each; none where nothing is to be projected. */
  readonly joinedHeads: readonly Float32Array[]
}

export interface LinearAnswer {
  /** [d]: the state after the final norm. */
  readonly normed: Float32Array
  /** Of the tokens. */
  readonly columns: HeadColumns
  /** What each layer's output projection adds to the stream for the heads: [N,d], biases included. */
  readonly projected: readonly Float32Array[]
}

const EMPTY = new Float32Array()
/** A vector along one axis has this length in it: far from the norm's epsilon, and its square far from what float16 can hold. */
const PROBE = 64

export function createReadingPasses(graph: ReadableSession): ReadingPasses | null {
  const { session, plan, gradients, layout, reading, answer } = graph
  const { hiddenStates, parts } = plan.outputs
  const end = parts?.streamEnd ?? null
  if (end === null || hiddenStates.length < 2) return null
  const names = [...hiddenStates.slice(0, -1), end]
  const inside = insideOf(graph)

  const run = async (row: TokenRow, outputs: readonly string[], position = row.tokens.length - 1, more: Feeds = {}) => {
    const at = plan.positionsInput === null ? {} : { [plan.positionsInput]: positionFeed([position]) }
    const results = await session.run({ ...runFeeds(plan, [inputRow(row.tokens)], layout), ...at, ...more }, Array.from(new Set(outputs)))
    return (name: string): Float32Array => {
      const data = results[name]?.data
      if (data === undefined) throw new EngineError('run-failed', 'A layer gave no output.')
      return data
    }
  }
  const read: Read = async (asked, outputs) => {
    const results = await (await reading.start()).run({ ...resting(graph), ...asked }, Array.from(new Set(outputs)))
    return outputs.map((name) => results[name]?.data ?? new Float32Array())
  }
  let last: { readonly row: TokenRow; readonly stream: Promise<Stream> } | null = null
  const readStream = async (row: TokenRow): Promise<Stream> => {
    const data = await run(row, [...names, ...(inside === null ? [] : [...inside.heads, ...inside.mlps])])
    return {
      tokens: row.tokens.length,
      width: reading.width,
      states: names.map(data),
      written: inside && { joinedHeads: inside.heads.map(data), mlps: inside.mlps.map(data) },
    }
  }
  const streamPort = gradients?.inputs.streamEnd ?? null
  return {
    stream: (row) => {
      if (last?.row !== row) {
        const stream = readStream(row)
        last = { row, stream }
        stream.catch(() => {
          last = null
        })
      }
      return last.stream
    },
    scores: async (states) => {
      const [scores = EMPTY] = await read({ [reading.inputs.states]: rowsFeed(states, reading.width) }, [reading.outputs.scores])
      assertScores(scores)
      return scores
    },
    linear: inside && linearOf(graph, run, read),
    pullBack:
      gradients === null || streamPort === null
        ? null
        : async (row, position, gradient) => {
            const tokens = row.tokens.length
            const data = new Float32Array(tokens * gradient.length)
            data.set(gradient, position * gradient.length)
            const nothing = {
              position: plan.positionsInput === null ? position : 0,
              elements: [{ index: 0, weight: 0 }],
              space: 'score',
            } as const
            const shape = [1, plan.positionsInput === null ? tokens : 1, answer.at(-1) ?? 0]
            const feeds = { ...gradientFeeds(gradients, nothing, shape), [streamPort]: { dims: [1, tokens, gradient.length], data } }
            const slopes = gradients.outputs.hiddenStates.slice(0, -1)
            return slopes.map(await run(row, slopes, position, feeds))
          },
  }
}

type Run = (row: TokenRow, outputs: readonly string[], position?: number) => Promise<(name: string) => Float32Array>
type Read = (asked: Feeds, outputs: readonly string[]) => Promise<readonly Float32Array[]>

/** Outputs that say what each layer's heads give and what its MLP adds; null where one is missing. */
function insideOf({ plan }: ReadableSession): { readonly heads: readonly string[]; readonly mlps: readonly string[] } | null {
  const { parts, hiddenStates } = plan.outputs
  const heads = (parts?.joinedHeads ?? []).filter((name) => name !== null)
  const mlps = (parts?.mlpOutputs ?? []).filter((name) => name !== null)
  return [heads, mlps].every(({ length }) => length === hiddenStates.length - 1) ? { heads, mlps } : null
}

function linearOf({ plan, reading, answer }: ReadableSession, run: Run, read: Read): LinearReading | null {
  const { logits, hiddenStates } = plan.outputs
  const { normed, columns } = reading.outputs
  const { columns: ports, norm } = reading.inputs
  const inputs = reading.inputs.joinedHeads.filter((input) => input !== null)
  const written = reading.outputs.written.filter((name) => name !== null)
  const layers = hiddenStates.length - 1
  if (normed === null || norm === null || columns === null || ports === null || inputs.length < layers || written.length < layers)
    return null
  const vocabulary = answer.at(-1) ?? 0
  const { width } = reading
  const columnsOf = (found: Float32Array, count: number): HeadColumns => {
    const biases = Array.from({ length: count }, (_, token) => float32At(found, width * count + token))
    const weight = (at: number, token: number): number => (float32At(found, at * count + token) - elementAt(biases, token)) / PROBE
    return { biases, weights: biases.map((_, token) => Float32Array.from({ length: width }, (__, at) => weight(at, token))) }
  }
  return {
    answer: async (row, position) => {
      const scores = (await run(row, [logits], position))(logits)
      const place = scores.length === vocabulary ? 0 : position
      return scores.subarray(place * vocabulary, (place + 1) * vocabulary)
    },
    finalNorm: once(async () => {
      const [found = EMPTY] = await read({ [norm]: rowsFeed(probes(width), width) }, [normed])
      return readNorm(found, width, PROBE)
    }),
    read: async ({ state, tokens, joinedHeads }) => {
      const heads = joinedHeads.flatMap((data, layer): readonly [string, Feed][] => {
        const input = inputs[layer]
        if (input === undefined) return []
        const rows = data.length / input.width
        return [[input.name, { dims: input.isFlat ? [rows, input.width] : [1, rows, input.width], data }]]
      })
      const asked = {
        ...Object.fromEntries(heads),
        [norm]: rowsFeed(state, width),
        [ports.hidden]: rowsFeed(probes(width), width),
        [ports.positions]: positionFeed(Array.from({ length: width + 1 }, (_, at) => at)),
        [ports.tokens]: positionFeed(tokens),
      }
      const [own = EMPTY, chosen = EMPTY, ...projected] = await read(asked, [normed, columns, ...(heads.length === 0 ? [] : written)])
      return { normed: own, columns: columnsOf(chosen, tokens.length), projected }
    },
  }
}

/** One row for every input: each is fed. */
function resting({ reading: { inputs, width } }: ReadableSession): Feeds {
  const zeros = (dims: readonly number[]): Feed => ({ dims, data: new Float32Array(dims.at(-1) ?? 0) })
  const { states, norm, columns, joinedHeads } = inputs
  return {
    [states]: zeros([1, 1, width]),
    ...(norm === null ? {} : { [norm]: zeros([1, 1, width]) }),
    ...(columns === null
      ? {}
      : { [columns.hidden]: zeros([1, 1, width]), [columns.positions]: positionFeed([0]), [columns.tokens]: positionFeed([0]) }),
    ...Object.fromEntries(
      joinedHeads.flatMap((heads) => (heads === null ? [] : [[heads.name, zeros(heads.isFlat ? [1, heads.width] : [1, 1, heads.width])]])),
    ),
  }
}

/** States [N,d] as one row of N. */
function rowsFeed(data: Float32Array, width: number): Feed {
  return { dims: [1, data.length / width, width], data }
}

/** [d+1,d]: a vector along each axis, and last none. */
function probes(width: number): Float32Array {
  const rows = new Float32Array((width + 1) * width)
  for (let at = 0; at < width; at++) rows[at * width + at] = PROBE
  return rows
}
