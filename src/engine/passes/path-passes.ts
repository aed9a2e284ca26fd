// What the blocks and heads of a model do with a row, asked by the ports of `partsOnRequest`: norms for the whole model, and all that one
// layer's heads compute.

import type { FactorTap, PartTaps } from '#graph/instrument/parts-on-request'
import type { PreparedModel } from '#graph/prepare'
import type { Tensor } from '#tensor/tensor'
import { float32At } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { GraphSession } from '../runtime/session.ts'
import { type InputConvention, inputRow } from './feeds.ts'
import { positionFeed, runFeeds } from './run-feeds.ts'

export interface PathPasses {
  /** One pass. @throws EngineError `run-failed` */
  blocks(row: TokenRow, position: number): Promise<PathOfBlocks>
  /** One pass; the last layer's are kept. @throws EngineError `run-failed`, `no-parts` where the layer's heads were not recognised */
  heads(row: TokenRow, layer: number): Promise<LayerHeads>
  /** Whether all of the layers' heads were recognised. */
  readonly hasHeads: boolean
  /** Whether the model computes in float16. */
  readonly isHalf: boolean
}

export interface PathOfBlocks {
  /** d */
  readonly width: number
  /** What each layer begins with, [T,d] each, and last what the final norm gets. Empty where the stream was not recognised. */
  readonly states: readonly Float32Array[]
  /** [T,d]: the last state after the final norm; null where none was recognised. */
  readonly normed: Float32Array | null
  /** [T,d]: what the embedding table gives; null where it was not recognised. */
  readonly embeddings: Float32Array | null
  /** One a layer; null where they were not recognised. */
  readonly layers: readonly {
    /** [T,d] */
    readonly attention: Float32Array | null
    readonly mlp: Float32Array | null
    /** [H+1,d]: of every head by itself at the position, and last what is added without any. */
    readonly written: Float32Array | null
  }[]
}

export interface LayerHeads {
  /** [H,T,d] */
  readonly query: Tensor
  /** [H,S,d], or [1,S,d] where heads share one. */
  readonly key: Tensor
  readonly value: Tensor
  /** [H,T,dv] */
  readonly output: Tensor
  /** [H,T,S], or [H,T,S+1] with a sink. */
  readonly scores: Float32Array
  /** By which q.k is multiplied; null where something else is done to it. */
  readonly factor: number | null
  /** c, where c x tanh(factor x q.k / c) holds scores within -c..c; null where nothing does. */
  readonly cap: number | null
  /** By which queries and keys were multiplied before. */
  readonly before: { readonly query: number; readonly key: number }
}

interface PathSession {
  readonly session: GraphSession
  readonly plan: Pick<PreparedModel, 'inputs' | 'ports' | 'outputs' | 'isHalf'>
  readonly layout: InputConvention
}

/** null for a model that was not prepared for it. */
export function createPathPasses({ session, plan, layout }: PathSession): PathPasses | null {
  const { hiddenStates, embeddings, parts, onRequest } = plan.outputs
  if (onRequest === undefined) return null
  const { blocks, heads, blockPort, headPorts, position: positionPort } = onRequest
  const end = parts?.streamEnd ?? hiddenStates.at(-1) ?? null
  const states = end === null ? [] : [...hiddenStates.slice(0, -1), end]
  const normed = end === hiddenStates.at(-1) ? null : (hiddenStates.at(-1) ?? null)
  const ask = async (row: TokenRow, port: string, more: Parameters<GraphSession['run']>[0], names: readonly (string | null)[]) => {
    const feeds = { ...runFeeds(plan, [inputRow(row.tokens)], layout), ...more, [port]: { ...YES } }
    const wanted = new Set(names.filter((name) => name !== null))
    const results = await session.run(feeds, Array.from(wanted))
    return (name: string | null): Tensor | null => (name === null ? null : (results[name] ?? null))
  }
  const readHeads = async (row: TokenRow, layer: number): Promise<LayerHeads> => {
    const taps = heads[layer]
    const port = headPorts[layer]
    if (taps === undefined || port === undefined || !isWhole(taps)) {
      throw new EngineError('no-parts', 'What the heads of this layer compute with was not recognised.')
    }
    const { query, key, value, output, scores, after, before } = taps
    const factors = [...(after?.factors ?? []), ...(after?.cap?.factors ?? []), ...before.query, ...before.key].map(({ name }) => name)
    const at = await ask(row, port.name, {}, [query, key, value, output, scores, ...factors])
    const tensor = (name: string | null): Tensor => {
      const found = at(name)
      if (found === null) throw new EngineError('run-failed', 'A layer gave no output.')
      return { dims: found.dims.slice(1), data: found.data }
    }
    const product = (found: readonly FactorTap[], start = 1): number => {
      return found.reduce((all, { name, divides }) => {
        const factor = float32At(tensor(name).data, 0)
        return divides ? all / factor : all * factor
      }, start)
    }
    const outer = after === null ? null : product(after.factors, after.alpha)
    const cap = after?.cap ?? null
    return {
      query: tensor(query),
      key: tensor(key),
      value: tensor(value),
      output: tensor(output),
      scores: tensor(scores).data,
      factor: outer === null ? null : cap === null ? outer : outer * product(cap.factors, cap.alpha),
      cap: cap === null ? null : outer,
      before: { query: product(before.query), key: product(before.key) },
    }
  }
  let last: { readonly row: TokenRow; readonly layer: number; readonly found: Promise<LayerHeads> } | null = null
  return {
    isHalf: plan.isHalf,
    hasHeads: heads.every((taps) => isWhole(taps)),
    blocks: async (row, position) => {
      const names = [...states, normed, embeddings, ...blocks.flatMap(({ attention, mlp, written }) => [attention, mlp, written])]
      const at = await ask(row, blockPort.name, { [positionPort.name]: positionFeed([position]) }, names)
      const data = (name: string | null): Float32Array | null => at(name)?.data ?? null
      return {
        width: at(states[0] ?? null)?.dims.at(-1) ?? 0,
        states: states.map((name) => data(name) ?? new Float32Array()),
        normed: data(normed),
        embeddings: data(embeddings),
        layers: blocks.map(({ attention, mlp, written }) => ({ attention: data(attention), mlp: data(mlp), written: data(written) })),
      }
    },
    heads: (row, layer) => {
      // The reader goes from head to head of a layer.
      if (last?.row !== row || last.layer !== layer) {
        const found = readHeads(row, layer)
        last = { row, layer, found }
        found.catch(() => {
          last = null
        })
      }
      return last.found
    },
  }
}

const YES = { dims: [1], data: Uint8Array.of(1), type: 'bool' } as const

function isWhole({ query, key, value, output, scores }: PartTaps['heads'][number]): boolean {
  return ![query, key, value, output, scores].includes(null)
}
