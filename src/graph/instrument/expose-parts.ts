// Taps what is inside the layers: queries, keys and values of every head, what the blocks add to the residual stream, and what the
// output head reads. Heads get an axis of their own and joined rows are parted, so that shapes do not depend on the exporter.

import { int64Constant } from '../ir/constant.ts'
import type { Graph, GraphNode, Initializer, Model } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { type FreeName, freeNames } from '../ir/names.ts'
import { type BlockOutput, findBlocks } from '../recognise/blocks.ts'
import { type HeadValue, headValues } from '../recognise/head-values.ts'
import { findHead } from '../recognise/output-head.ts'
import type { Parts } from '../recognise/parts.ts'
import { findReadout } from '../recognise/readout.ts'
import { type Pass, withGraph } from '../rewrite/rewrite.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { appendOutputs, tapOf } from './append-outputs.ts'

/** Names in a graph's outputs, one a layer; null where a layer's was not recognised, empty where it was not asked for. */
type ByLayer = readonly (string | null)[]

export interface PartOutputs {
  /** As they enter the products (scaled, rotated ...), each [B,H,T,hd]; keys and values [B,H,S,hd], or [B,1,S,hd] where heads share one. */
  readonly queries: ByLayer
  readonly keys: ByLayer
  readonly values: ByLayer
  /** Probabilities x values, each [B,H,T,hd]. */
  readonly headOutputs: ByLayer
  /** What the attention adds to the residual stream, each [B,T,d]. */
  readonly attentionOutputs: ByLayer
  /** What the MLP adds, each [B,T,d]. */
  readonly mlpOutputs: ByLayer
  /** The residual stream after the attention and before the MLP, each [B,T,d]; null for blocks beside each other. */
  readonly middles: ByLayer
  /** What the heads give, side by side, as it enters the output projection, each [B,T,H*hd]; null where that is not linear up to the stream. */
  readonly joinedHeads: ByLayer
  /** The residual stream before a final norm that belongs to the head [B,T,d]. null where head or stream were not recognised. */
  readonly streamEnd: string | null
  /** What the output head multiplies [B,T,d]: final norm x weight = logits, plus a bias where there is one. null where it was not recognised. */
  readonly finalNorm: string | null
}

export type PartName = keyof PartOutputs

export interface ExposedParts {
  readonly pass: Pass
  readonly outputs: PartOutputs
}

/**
 * @param graph that the pass will run on, or one with the same values and more
 * @param answer the scores that the output head is looked for behind
 */
export function exposeParts(graph: Graph, parts: Parts, answer: string, wanted: ReadonlySet<PartName>): ExposedParts {
  const plan = new Plan(graph, parts, answer, wanted)
  const added = plan.added(graph)
  const outputs = mapParts(plan.values, (value) => tapOf(added, value))
  const values = Object.values(plan.values).flatMap((found) => (Array.isArray(found) ? found : [found]))
  const run = (model: Model) => {
    const exposed = appendOutputs(
      plan.added(model.graph),
      values.filter((value) => value !== null),
    )
    return withGraph(model, { graph: exposed, changes: plan.changes() })
  }
  return { pass: { name: 'expose-parts', run }, outputs }
}

function mapParts(parts: PartOutputs, name: (value: string) => string): PartOutputs {
  const each = (values: ByLayer): ByLayer => values.map((value) => (value === null ? null : name(value)))
  return {
    queries: each(parts.queries),
    keys: each(parts.keys),
    values: each(parts.values),
    headOutputs: each(parts.headOutputs),
    attentionOutputs: each(parts.attentionOutputs),
    mlpOutputs: each(parts.mlpOutputs),
    middles: each(parts.middles),
    joinedHeads: each(parts.joinedHeads),
    streamEnd: parts.streamEnd === null ? null : name(parts.streamEnd),
    finalNorm: parts.finalNorm === null ? null : name(parts.finalNorm),
  }
}

/** Which values give the parts, and the nodes and constants that are to be added for it. */
export interface PlannedParts {
  readonly values: PartOutputs
  readonly nodes: readonly GraphNode[]
  readonly constants: readonly Initializer[]
  /** For the reader. */
  readonly changes: readonly string[]
}

/** The plan of `exposeParts`, for who adds it in another way. @param free names of the graph that it is added to */
export function planParts(graph: Graph, parts: Parts, answer: string, wanted: ReadonlySet<PartName>, free: FreeName): PlannedParts {
  const plan = new Plan(graph, parts, answer, wanted, free)
  return { values: plan.values, nodes: plan.nodes, constants: plan.constants, changes: plan.changes() }
}

/** Which values are tapped, and the operators that give them their shapes. */
class Plan {
  readonly values: PartOutputs
  readonly nodes: GraphNode[] = []
  readonly constants: Initializer[] = []
  readonly #graph: Graph
  readonly #free: FreeName

  constructor(graph: Graph, parts: Parts, answer: string, wanted: ReadonlySet<PartName>, free: FreeName = freeNames(graph)) {
    const { attentions, hiddenStates, task } = parts
    this.#graph = graph
    this.#free = free
    const index = indexGraph(graph)
    const heads = attentions.map((attention) => headValues(attention, index))
    const blocks = findBlocks(graph, attentions, hiddenStates)
    const ofHeads = (name: PartName, part: 'query' | 'key' | 'value' | 'output'): ByLayer =>
      wanted.has(name) ? heads.map((found) => this.#heads(found[part])) : []
    const ofBlocks = (name: PartName, part: 'attention' | 'mlp'): ByLayer =>
      wanted.has(name) ? blocks.map((found, layer) => this.#block(found[part], hiddenStates[layer] ?? '')) : []
    const readout = wanted.has('joinedHeads') || wanted.has('streamEnd') ? findReadout(graph, parts) : null
    const joined = (readout?.projections ?? []).map((found, layer) => found && this.#byToken(found.joined, hiddenStates[layer] ?? '', true))
    const isByToken = task === 'token-logits' || task === 'token-classifier'
    this.values = {
      queries: ofHeads('queries', 'query'),
      keys: ofHeads('keys', 'key'),
      values: ofHeads('values', 'value'),
      headOutputs: ofHeads('headOutputs', 'output'),
      attentionOutputs: ofBlocks('attentionOutputs', 'attention'),
      mlpOutputs: ofBlocks('mlpOutputs', 'mlp'),
      middles: wanted.has('middles')
        ? blocks.map(({ middle }, layer) => (middle === null ? null : this.#byToken(middle, hiddenStates[layer] ?? '')))
        : [],
      joinedHeads: wanted.has('joinedHeads') ? joined : [],
      streamEnd: wanted.has('streamEnd') && readout !== null ? this.#byToken(readout.end, hiddenStates.at(-1) ?? '') : null,
      finalNorm: wanted.has('finalNorm') && isByToken ? (findHead(graph, answer)?.hidden ?? null) : null,
    }
  }

  added(graph: Graph): Graph {
    if (this.nodes.length === 0) return graph
    return { ...graph, nodes: [...graph.nodes, ...this.nodes], initializers: [...graph.initializers, ...this.constants] }
  }

  changes(): readonly string[] {
    return Object.entries(this.values).flatMap(([part, found]) => {
      const layers = Array.isArray(found) ? found : [found]
      return layers.length === 0 ? [] : [`${part}: ${layers.filter((value) => value !== null).length} of ${layers.length}`]
    })
  }

  #heads(found: HeadValue | null): string | null {
    if (found === null) return null
    const { value, order, joined } = found
    const inOrder = order.every((axis, place) => axis === place)
    const perm = { kind: 'ints', value: order.map(BigInt) } as const
    const turned = inOrder ? value : this.#emit('Transpose', [value], new Map([['perm', perm]]))
    if (joined === null) return turned
    const sizes = this.#emit('Gather', [this.#emit('Shape', [turned]), this.#ints([1, 2])])
    const axis = { kind: 'int', value: 0n } as const
    return this.#emit('Reshape', [turned, this.#emit('Concat', [this.#ints([-1, joined]), sizes], new Map([['axis', axis]]))])
  }

  #block(block: BlockOutput | null, state: string): string | null {
    if (block === null) return null
    const whole = block.offsets.reduce((sum, offset) => this.#emit('Add', [sum, offset]), block.value)
    return this.#byToken(whole, state)
  }

  /** The rows of all sequences may be joined: they are parted as a state's are. @param ownWidth whether the width is another one */
  #byToken(value: string, state: string, ownWidth = false): string {
    const rank = inferShapes(this.#graph)(value).dims?.length
    if (rank === 3) return value
    const shape = this.#emit('Shape', [state])
    if (!ownWidth) return this.#emit('Reshape', [value, shape])
    const rows = this.#emit('Gather', [shape, this.#ints([0, 1])])
    return this.#emit('Reshape', [value, this.#emit('Concat', [rows, this.#ints([-1])], new Map([['axis', { kind: 'int', value: 0n }]]))])
  }

  #ints(values: readonly number[]): string {
    const constant = int64Constant(this.#name(), [values.length], values)
    this.constants.push(constant)
    return constant.name
  }

  #emit(opType: string, inputs: readonly string[], attributes: GraphNode['attributes'] = new Map()): string {
    const output = this.#name()
    this.nodes.push({ name: '', opType, domain: '', inputs, outputs: [output], attributes })
    return output
  }

  #name(): string {
    return this.#free(`innerscope.part_${this.nodes.length + this.constants.length}`)
  }
}
