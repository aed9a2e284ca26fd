// A graph that was exported for one length is fed rows that are filled up behind their end, with a mask over what fills them, and of what
// it gives only the row's own tokens are kept.

import type { GradientPlan } from '#autodiff/add-gradients'
import type { PreparedModel } from '#graph/prepare'
import { sizeOf, type Tensor } from '#tensor/tensor'
import { elementAt } from '#tensor/vector'
import { EngineError } from '../error.ts'
import type { Feed, FeedData, Feeds, GraphSession } from '../runtime/session.ts'
import { emptyLike } from './batch-feeds.ts'
import { isMask, isSequence, isTokenIds } from './feeds.ts'

export interface FixedRows {
  /** The only length of a row; null for any. */
  readonly tokens: number | null
  /** The only number of rows; null for any. */
  readonly rows: number | null
}

type Shaped = Pick<PreparedModel, 'inputs' | 'outputs' | 'positionsInput' | 'interventions' | 'task'> & {
  readonly gradients: GradientPlan | null
}

/** What the inputs state. @throws EngineError `fixed-length` where shorter rows cannot be told from what would fill them up */
export function fixedRowsOf(inputs: PreparedModel['inputs']): FixedRows {
  const sequences = inputs.filter(({ name }) => isSequence(name))
  const lengths = sequences.map(({ dims }) => dims.at(-1)).filter((size) => typeof size === 'number')
  const rows = inputs.find(({ name }) => isTokenIds(name))?.dims.at(-2)
  const tokens = lengths[0] ?? null
  if (tokens !== null && !sequences.some(({ name }) => isMask(name))) {
    throw new EngineError('fixed-length', `The file takes exactly ${tokens} tokens and no attention mask.`, { length: tokens })
  }
  return { tokens, rows: typeof rows === 'number' ? rows : null }
}

/** A session that takes rows of any length up to the one that the graph states. @param pad the id that fills rows up */
export function fixedSession(session: GraphSession, fixed: FixedRows, plan: Shaped, pad: number): GraphSession {
  if (fixed.tokens === null && (fixed.rows ?? 1) === 1) return session
  const axes = tokenAxes(plan)
  return {
    ...session,
    run: async (feeds, names) => {
      const tokens = tokensIn(feeds, plan.inputs)
      const results = await session.run(filledFeeds(feeds, fixed, plan, pad), names)
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, ownPart(tensor, axes.get(name) ?? [], tokens, fixed)]),
      )
    },
  }
}

/** Feeds of a row in the length that the graph takes. @throws EngineError `row-too-long` */
export function filledFeeds(feeds: Feeds, { tokens: length }: FixedRows, plan: Shaped, pad: number): Feeds {
  const tokens = tokensIn(feeds, plan.inputs)
  if (length === null || tokens === length) return feeds
  if (tokens > length)
    throw new EngineError('row-too-long', `A row of ${tokens} tokens for a graph of ${length}.`, { tokens, longest: length })
  const masks = new Set(plan.interventions.valueMasks?.layers.map(({ name }) => name))
  const { embeddings = null, weights = '', streamEnd = null } = plan.gradients?.inputs ?? {}
  return Object.fromEntries(
    Object.entries(feeds).map(([name, feed]): [string, Feed] => {
      if (isSequence(name)) return [name, grown(feed, feed.dims.length - 1, length, isTokenIds(name) ? pad : 0)]
      const isByToken =
        feed.dims[1] === tokens && (name === embeddings?.values || name === streamEnd || (name === weights && feed.dims.length === 3))
      if (isByToken || (feed.dims.length === 3 && plan.inputs.some((input) => input.name === name && input.dims[1] === length))) {
        return [name, grown(feed, 1, length, 0)]
      }
      return [name, masks.has(name) && feed.dims[1] === tokens ? grown(feed, 1, length, 1) : feed]
    }),
  )
}

function tokensIn(feeds: Feeds, inputs: PreparedModel['inputs']): number {
  const ids = inputs.find(({ name }) => isTokenIds(name))?.name ?? ''
  return feeds[ids]?.dims.at(-1) ?? 0
}

/** Axes that count tokens, from the end, of outputs by their names. */
function tokenAxes({ outputs, gradients, positionsInput, task }: Shaped): ReadonlyMap<string, readonly number[]> {
  const { parts, onRequest } = outputs
  const { blocks = [], heads = [] } = onRequest ?? {}
  const squares = [...outputs.attentions, ...(gradients?.outputs.attentions ?? []), ...heads.flatMap(({ scores }) => scores ?? [])]
  const inside = [
    ...(parts === undefined ? [] : [...parts.joinedHeads, ...parts.mlpOutputs, parts.streamEnd]),
    ...blocks.flatMap(({ attention, mlp }) => [attention, mlp]),
    ...heads.flatMap(({ query, key, value, output }) => [query, key, value, output]),
  ]
  const states = [
    ...inside,
    outputs.embeddings,
    gradients?.outputs.embeddings,
    ...outputs.hiddenStates,
    ...(gradients?.outputs.hiddenStates ?? []),
  ]
  const isByToken = positionsInput === null && task !== 'classifier' && task !== null
  const scores = gradients === null || gradients.inputs.chosen !== null ? [outputs.logits] : [outputs.logits, gradients.outputs.scores]
  return new Map<string, readonly number[]>([
    ...(isByToken ? scores.map((name) => [name, [-2]] as const) : []),
    ...states.flatMap((name) => (name == null ? [] : [[name, [-2]] as const])),
    ...squares.map((name) => [name, [-1, -2]] as const),
  ])
}

/** The first row's part, of the first tokens along some axes. */
function ownPart({ dims, data }: Tensor, axes: readonly number[], tokens: number, { tokens: length, rows }: FixedRows): Tensor {
  const [first = 1] = dims
  const share = rows !== null && rows > 1 && first % rows === 0 ? rows : 1
  let part: Tensor = share === 1 ? { dims, data } : { dims: [first / share, ...dims.slice(1)], data: data.subarray(0, data.length / share) }
  for (const axis of axes) {
    const place = part.dims.length + axis
    if (length !== null && part.dims[place] === length && tokens < length) part = shortened(part, place, tokens)
  }
  return part
}

function shortened({ dims, data }: Tensor, axis: number, size: number): Tensor {
  const inner = sizeOf(dims.slice(axis + 1))
  const before = elementAt(dims, axis) * inner
  const outer = sizeOf(dims.slice(0, axis))
  const kept = new Float32Array(outer * size * inner)
  for (let at = 0; at < outer; at++) kept.set(data.subarray(at * before, at * before + size * inner), at * size * inner)
  return { dims: dims.with(axis, size), data: kept }
}

function grown(feed: Feed, axis: number, size: number, filling: number): Feed {
  const { dims, data } = feed
  const inner = sizeOf(dims.slice(axis + 1))
  const before = elementAt(dims, axis) * inner
  const outer = sizeOf(dims.slice(0, axis))
  const all: FeedData = data instanceof BigInt64Array ? new BigInt64Array(outer * size * inner) : emptyLike(data, outer * size * inner)
  if (all instanceof BigInt64Array) all.fill(BigInt(filling))
  else all.fill(filling)
  for (let at = 0; at < outer; at++) {
    const own = data.subarray(at * before, (at + 1) * before)
    if (all instanceof BigInt64Array) own instanceof BigInt64Array && all.set(own, at * size * inner)
    else own instanceof BigInt64Array || all.set(own, at * size * inner)
  }
  return { ...feed, dims: dims.with(axis, size), data: all }
}
