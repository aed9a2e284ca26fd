// What adding inputs for keys and values would change in a graph, and whether it can be done.

import { type Graph, type GraphNode, labelOf, operatorOf, subgraphsOf } from '../ir/graph.ts'
import { indexGraph, usesOf } from '../ir/graph-index.ts'
import { type FreeName, freeNames } from '../ir/names.ts'
import type { Attention } from '../recognise/attention.ts'
import type { KeyValueCache } from '../recognise/caches.ts'
import { headValues } from '../recognise/head-values.ts'
import type { FedNumbers } from '../shapes/infer-shapes.ts'
import { kindsIn } from './kinds.ts'
import { growthIn } from './lengths.ts'
import { scoreRegion } from './score-region.ts'
import { isElementwise, isOwnCache, isTokenWise, joinsNothing, type Stream, tokenAxis } from './token-wise.ts'

export interface AddedCache extends KeyValueCache {
  /** Shape of `past` without a token. */
  readonly empty: readonly number[]
}

/** Why a file gets none: shapes that are not told, or an operator that may mix tokens. */
export interface NoCaches {
  readonly refused: 'shapes' | 'operator'
  /** Label of the node, with its operator. */
  readonly at: string
}

/** A value of the frame that a node on the stream takes: its rows of the tokens that are read now are cut out along an axis. */
export interface Join {
  readonly value: string
  /** null where it has no such rows. */
  readonly axis: number | null
}

export interface CachePlan {
  readonly stream: Stream
  readonly caches: readonly AddedCache[]
  /** By the product that takes the keys or the values as its right operand. */
  readonly byProduct: ReadonlyMap<GraphNode, AddedCache>
  /** Nodes between scores and weights. */
  readonly scoreNodes: ReadonlySet<GraphNode>
  /** By node, and place among its inputs. */
  readonly joins: ReadonlyMap<GraphNode, ReadonlyMap<number, Join>>
  /** Values of the frame that are needed for the whole text, and their names there. */
  readonly whole: ReadonlyMap<string, string>
  readonly free: FreeName
}

/** From this place on inputs say how a shape is to be, or where something is cut: they are those of the tokens that are read now. */
const SHAPE_INPUTS: Readonly<Record<string, number>> = {
  Reshape: 1,
  Expand: 1,
  Slice: 1,
  Tile: 1,
  Split: 1,
  Unsqueeze: 1,
  Squeeze: 1,
  Gather: 1,
  ReduceMean: 1,
  ReduceSum: 1,
}

/** @see addCaches */
export function planCaches(
  graph: Graph,
  attentions: readonly Attention[],
  ids: string,
  fedAt: (tokens: number) => ReadonlyMap<string, FedNumbers>,
): CachePlan | NoCaches {
  const stream: Stream = { index: indexGraph(graph), kindOf: kindsIn(graph, ids), growthOf: growthIn(graph, fedAt) }
  const regions = attentions.map((attention) => scoreRegion(attention, stream))
  const scoreNodes = new Set(regions.flatMap(({ nodes }) => Array.from(nodes)))
  const faults = new Set(regions.map(({ fault }) => fault))
  const products = new Set(attentions.flatMap(({ scores, context }) => [scores, context]))
  const before = leadingTo(products, stream)
  const joins = new Map<GraphNode, ReadonlyMap<number, Join>>()
  for (const node of graph.nodes) {
    if (node.outputs.every((output) => stream.kindOf(output) !== 'stream')) continue
    if (subgraphsOf(node).length > 0 || faults.has(node)) return refusedAt(node)
    if (products.has(node)) continue
    const found = scoreNodes.has(node) || isTokenWise(node, stream, !before.has(node)) ? joinsOf(node, stream, scoreNodes.has(node)) : null
    if (found === null) return refusedAt(node)
    if (found.size > 0) joins.set(node, found)
  }
  const free = freeNames(graph)
  const needed = Array.from(joins.values()).flatMap((found) => Array.from(found.values(), ({ value }) => value))
  const whole = wholeNames(needed, stream, free)
  const fault = faultInFrame(whole.keys(), stream)
  if (fault !== null) return fault
  const operands = operandsOf(attentions, stream, free)
  return 'refused' in operands ? operands : { stream, scoreNodes, joins, whole, free, ...operands }
}

/** Nodes that some nodes need, themselves included. */
function leadingTo(nodes: ReadonlySet<GraphNode>, { index }: Stream): ReadonlySet<GraphNode> {
  const found = new Set(nodes)
  // A set grows while it is walked.
  for (const node of found) {
    for (const input of usesOf(node)) {
      const maker = index.producer(input)
      if (maker !== undefined) found.add(maker)
    }
  }
  return found
}

/** null where it is not known what rows a node needs of the frame. */
function joinsOf(node: GraphNode, stream: Stream, isScores: boolean): ReadonlyMap<number, Join> | null {
  const { index, kindOf, growthOf } = stream
  const shapes = SHAPE_INPUTS[operatorOf(node)] ?? Number.POSITIVE_INFINITY
  const joins = new Map<number, Join>()
  for (const [place, value] of node.inputs.entries()) {
    if (kindOf(value) !== 'frame' || place >= shapes) continue
    if (joinsNothing(node, stream) && isOwnCache(value, index)) continue
    const [result, own] = [growthOf(node.outputs[0] ?? ''), growthOf(value)]
    if ((!isElementwise(node) && operatorOf(node) !== 'Concat') || result === null || own === null) return null
    const tokens = isScores ? result.length - 2 : (tokenAxis(result) ?? null)
    // Shapes are aligned at their ends.
    const axis = tokens === null ? -1 : tokens - (result.length - own.length)
    joins.set(place, { value, axis: axis < 0 ? null : axis })
  }
  return joins
}

/** Of values, and of all of the frame that they come from. */
function wholeNames(needed: readonly string[], { index, kindOf }: Stream, free: FreeName): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const open = [...needed]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (names.has(value) || kindOf(value) !== 'frame') continue
    names.set(value, free(`${value}_whole`))
    const maker = index.producer(value)
    if (maker !== undefined && operatorOf(maker) !== 'Shape') open.push(...maker.inputs, ...maker.outputs.filter((output) => output !== ''))
  }
  return names
}

/** What is computed for the whole text is computed as before, and its shapes are told by the length. */
function faultInFrame(values: Iterable<string>, { index, kindOf, growthOf }: Stream): NoCaches | null {
  for (const value of values) {
    const maker = index.producer(value)
    if (maker === undefined) continue
    const isShape = operatorOf(maker) === 'Shape'
    if (isShape && growthOf(maker.inputs[0] ?? '') === null) return { refused: 'shapes', at: labelOf(maker) }
    if (subgraphsOf(maker).length > 0 || (!isShape && maker.inputs.some((input) => kindOf(input) === 'stream'))) return refusedAt(maker)
  }
  return null
}

/** Keys and values, and the cache of each. */
function operandsOf(
  attentions: readonly Attention[],
  { index, growthOf }: Stream,
  free: FreeName,
): Pick<CachePlan, 'caches' | 'byProduct'> | NoCaches {
  const byProduct = new Map<GraphNode, AddedCache>()
  for (const attention of attentions) {
    const { key, value } = headValues(attention, index)
    for (const [kind, found, product] of [
      ['key', key, attention.scores],
      ['value', value, attention.context],
    ] as const) {
      const axis = found?.order.at(-2)
      const growth = growthOf(found?.value ?? '')
      if (found === null || axis === undefined || growth === null || tokenAxis(growth) !== axis)
        return { refused: 'shapes', at: labelOf(product) }
      const past = free(`innerscope.past_${kind}_${attention.layer}`)
      byProduct.set(product, { past, fresh: found.value, axis, empty: growth.map(({ plus }) => plus) })
    }
  }
  return { caches: Array.from(byProduct.values()), byProduct }
}

function refusedAt(node: GraphNode): NoCaches {
  return { refused: 'operator', at: `${operatorOf(node)} (${labelOf(node)})` }
}
