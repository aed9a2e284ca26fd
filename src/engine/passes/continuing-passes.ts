// What comes next, token by token: a decoder's keys and values of the tokens before are kept and fed again, where its file takes them.

import type { KeyValueCache } from '#graph/recognise/caches'
import { sizeOf, type Tensor } from '#tensor/tensor'
import { elementAt } from '#tensor/vector'
import { EngineError } from '../error.ts'
import type { Feeds, GraphSession } from '../runtime/session.ts'

/** Keys and values of one token: each cache's part, one behind the other in the order of the caches. [sum over caches of H·d] */
export type TokenCache = Float32Array

export interface Continued {
  /** [V] scores of the token behind the last one. */
  readonly scores: Float32Array
  /** Of each of the tokens that were read now; empty where nothing is kept. */
  readonly kept: readonly TokenCache[]
}

export interface ContinuingPasses {
  /** Whether keys and values are kept. Without, each token costs a pass over all tokens before it. */
  readonly keeps: boolean
  /**
   * @param ids tokens to read, at least one
   * @param past of all tokens before them, in order; none where nothing is kept, and `ids` is then the whole text
   * @throws EngineError `run-failed`, `not-a-number`
   */
  next(ids: readonly number[], past: readonly TokenCache[]): Promise<Continued>
}

/** How a decoder is run: its feeds for tokens behind `past` others, without the caches, and the output that answers. */
export interface ContinuingModel {
  readonly session: GraphSession
  readonly caches: readonly KeyValueCache[]
  readonly scores: string
  readonly feeds: (ids: readonly number[], past: number) => Feeds
  readonly check: (scores: Float32Array) => void
}

export function createContinuingPasses({ session, caches, scores, feeds, check }: ContinuingModel): ContinuingPasses {
  const names = caches.map(({ fresh }) => fresh)
  const pastFeeds = createPastFeeds(caches)
  let busy: Promise<unknown> = Promise.resolve()
  return {
    keeps: caches.length > 0,
    // What one call is fed lies in the buffers of the next one.
    next: (ids, past) => {
      const result = busy.then(() => next(ids, past))
      busy = result.catch(() => undefined)
      return result
    },
  }

  async function next(ids: readonly number[], past: readonly TokenCache[]): Promise<Continued> {
    const own = feeds(ids, past.length)
    const results = await session.run({ ...own, ...pastFeeds.of(past, own) }, [scores, ...names])
    const output = results[scores]
    if (output === undefined) throw new EngineError('run-failed', 'The model gave no scores.')
    const vocabulary = output.dims.at(-1) ?? 0
    // The last position asked for.
    const last = output.data.slice(output.data.length - vocabulary)
    check(last)
    return { scores: last, kept: caches.length === 0 ? [] : tokensOf(results, caches, ids.length) }
  }
}

/** What all caches have of the tokens of one text, ready to be fed. Going on writes what is new; another branch, what differs. */
interface PastFeeds {
  /** @param own feeds with caches of no token, which say the other lengths */
  of(past: readonly TokenCache[], own: Feeds): Feeds
}

const FIRST_CAPACITY = 128

function createPastFeeds(caches: readonly KeyValueCache[]): PastFeeds {
  let capacity = 0
  /** Of each cache [outer, capacity, inner], and room for the same without the gaps between its rows, which is what is fed. */
  let buffers: readonly Float32Array[] = []
  let fed: readonly Float32Array[] = []
  let held: readonly TokenCache[] = []
  return {
    of: (past, own) => {
      if (past.length === 0) return {}
      const shapes = caches.map(({ past: name, axis }) => {
        const empty = own[name]
        if (empty === undefined) throw new EngineError('run-failed', `The model has no input ${name}.`)
        return { name, dims: empty.dims, axis, outer: sizeOf(empty.dims.slice(0, axis)), inner: sizeOf(empty.dims.slice(axis + 1)) }
      })
      if (past.length > capacity) {
        capacity = Math.max(FIRST_CAPACITY, 2 * past.length)
        buffers = shapes.map(({ outer, inner }) => new Float32Array(outer * capacity * inner))
        fed = buffers.map(({ length }) => new Float32Array(length))
        held = []
      }
      const differs = past.findIndex((token, at) => held[at] !== token)
      for (let at = differs < 0 ? past.length : differs; at < past.length; at++) {
        const token = elementAt(past, at)
        let from = 0
        shapes.forEach(({ outer, inner }, cache) => {
          const buffer = elementAt(buffers, cache)
          for (let head = 0; head < outer; head++, from += inner) {
            buffer.set(token.subarray(from, from + inner), (head * capacity + at) * inner)
          }
        })
      }
      // The list is its caller’s, who may let it grow.
      held = past.slice()
      return Object.fromEntries(
        shapes.map(({ name, dims, axis, outer, inner }, cache) => {
          const [buffer, length] = [elementAt(buffers, cache), past.length * inner]
          const data = elementAt(fed, cache).subarray(0, outer * length)
          for (let head = 0; head < outer; head++) {
            data.set(buffer.subarray(head * capacity * inner, head * capacity * inner + length), head * length)
          }
          return [name, { dims: dims.map((size, at) => (at === axis ? past.length : size)), data }]
        }),
      )
    },
  }
}

/** @returns of each token, what all caches gave of it */
function tokensOf(results: Readonly<Record<string, Tensor>>, caches: readonly KeyValueCache[], count: number): readonly TokenCache[] {
  const given = caches.map(({ fresh, axis }) => {
    const tensor = results[fresh]
    if (tensor === undefined || tensor.dims[axis] !== count)
      throw new EngineError('run-failed', `The model gave no keys or values ${fresh}.`)
    return { data: tensor.data, outer: sizeOf(tensor.dims.slice(0, axis)), inner: sizeOf(tensor.dims.slice(axis + 1)) }
  })
  const width = given.reduce((sum, { outer, inner }) => sum + outer * inner, 0)
  return Array.from({ length: count }, (_, at) => {
    const token = new Float32Array(width)
    let to = 0
    for (const { data, outer, inner } of given) {
      for (let head = 0; head < outer; head++) {
        const start = (head * count + at) * inner
        token.set(data.subarray(start, start + inner), to)
        to += inner
      }
    }
    return token
  })
}
