// Attention by structure: a Softmax over the last axis that weighs one computed value (its output is the left operand of a product)
// by the product of two others. Names play no part: exporters choose them freely.

import { type Graph, type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { numbersIn } from '../shapes/facts.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { factorOf, type Size } from '../shapes/symbols.ts'

export interface Attention {
  /** Place among the attentions in topological order, from 0. */
  readonly layer: number
  readonly softmax: GraphNode
  /** Probabilities [B,H,T,S] (some exports [B*H,T,S]), rows sum to 1, or to less where a sink takes a share that goes to no token. */
  readonly probabilities: string
  /** query x key^T, before scale, mask and caps. */
  readonly scores: GraphNode
  /** probabilities x value. */
  readonly context: GraphNode
  /** Left operand of `scores`. */
  readonly query: string
  /** Right operand of `scores`, transposed. */
  readonly key: string
  /** Right operand of `context`. */
  readonly value: string
  /** null where the graph does not say. */
  readonly heads: number | null
}

const PRODUCTS: ReadonlySet<string> = new Set(['MatMul', 'Einsum', 'com.microsoft:FusedMatMul'])
/** Between Softmax and product, besides guards and cuts: copies, casts, inference-time dropout, heads joined to the batch. */
const AFTER_SOFTMAX: ReadonlySet<string> = new Set(['Identity', 'Dropout', 'Cast', 'Reshape'])
/** Between product and Softmax: scale, mask, bias, caps, a sink beside. */
const BEFORE_SOFTMAX: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Where',
  'Reshape',
  'Min',
  'Max',
  'Clip',
  'Tanh',
  'Cast',
  'Identity',
  'Concat',
])

/** Every attention of a graph, in topological order. */
export function findAttentions(graph: Graph): readonly Attention[] {
  const index = indexGraph(graph)
  const found = graph.nodes.flatMap((node) => recogniseAttention(node, index) ?? [])
  return found.map((attention, layer) => ({ ...attention, layer }))
}

function recogniseAttention(softmax: GraphNode, index: GraphIndex): Omit<Attention, 'layer'> | null {
  const [input = ''] = softmax.inputs
  const [output = ''] = softmax.outputs
  if (operatorOf(softmax) !== 'Softmax' || !isOverLastAxis(softmax)) return null
  const use = findUse(output, index)
  const scores = findScores(input, index)
  if (use === null || scores === null) return null
  const [query = '', key = ''] = scores.inputs
  const [, value = ''] = use.context.inputs
  const { dims } = inferShapes(index.graph)(use.probabilities)
  return { softmax, probabilities: use.probabilities, scores, context: use.context, query, key, value, heads: headsOf(dims) }
}

/** [B,H,T,S], or [B*H,T,S] with a count that is a number times the batch. */
function headsOf(dims: readonly Size[] | null): number | null {
  if (dims?.length === 4) return typeof dims[1] === 'number' ? dims[1] : null
  const joined = dims?.length === 3 ? dims[0] : undefined
  return typeof joined === 'string' ? factorOf(joined) : null
}

/** Ranks are mostly not known: -1 and any place from 2 on count as last, which the first run confirms; 1 would be a choice among experts. */
function isOverLastAxis(softmax: GraphNode): boolean {
  const axis = intAttribute(softmax, 'axis', -1)
  return axis === -1 || axis >= 2
}

interface Use {
  readonly context: GraphNode
  readonly probabilities: string
}

/**
 * Follows the probabilities to the product they are the left operand of; the output of a guard, or of what cuts a sink off, counts as the
 * probabilities, a cast's does not.
 */
function findUse(probabilities: string, index: GraphIndex): Use | null {
  const queue: { readonly value: string; readonly tap: string }[] = [{ value: probabilities, tap: probabilities }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { value, tap } = next
    for (const consumer of index.consumers(value)) {
      const operator = operatorOf(consumer)
      const [left, right] = consumer.inputs
      if (PRODUCTS.has(operator) && left === value && isComputed(right, index)) return { context: consumer, probabilities: tap }
      const output = consumer.outputs[0]
      if (output === undefined) continue
      if (cutsSink(consumer, value, index)) queue.push({ value: output, tap: output })
      else if (operator === 'Where' && guards(consumer, value, index)) queue.push({ value: output, tap: tap === value ? output : tap })
      else if (AFTER_SOFTMAX.has(operator)) queue.push({ value: output, tap })
    }
  }
  return null
}

/** A Where that takes the value or a constant. */
function guards(where: GraphNode, value: string, index: GraphIndex): boolean {
  const [condition, whenTrue = '', whenFalse = ''] = where.inputs
  if (condition === value) return false
  const other = whenTrue === value ? whenFalse : whenTrue
  return index.initializer(other) !== undefined || operatorOf(index.producer(other) ?? where) === 'ConstantOfShape'
}

/**
 * A Slice that leaves the last column out: scores may be joined by a learned one that no token stands for (Xiao et al., "Efficient
 * streaming language models with attention sinks", 2023). Softmaxes that are cut into several parts are attention by blocks.
 */
function cutsSink(slice: GraphNode, value: string, index: GraphIndex): boolean {
  if (operatorOf(slice) !== 'Slice' || slice.inputs[0] !== value) return false
  if (index.consumers(value).some((other) => other !== slice && operatorOf(other) !== 'Shape')) return false
  const facts = inferShapes(index.graph)
  const [starts, , axes, steps] = slice.inputs.slice(1).map((input) => numbersIn(facts(input)))
  const [axis, ...others] = axes ?? []
  const isLast = axis !== undefined && others.length === 0 && (axis === -1 || axis >= 2)
  return starts?.length === 1 && starts[0] === 0 && isLast && (steps === undefined || steps?.[0] === 1)
}

/** The nearest product of two computed values behind the scores. */
function findScores(value: string, index: GraphIndex): GraphNode | null {
  const queue = [value]
  const seen = new Set(queue)
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const node = index.producer(next)
    if (node === undefined) continue
    const operator = operatorOf(node)
    if (PRODUCTS.has(operator) && node.inputs.length === 2 && node.inputs.every((input) => isComputed(input, index))) return node
    if (!BEFORE_SOFTMAX.has(operator)) continue
    for (const input of operator === 'Concat' ? onlyScores(node, index) : node.inputs) {
      if (seen.has(input)) continue
      seen.add(input)
      queue.push(input)
    }
  }
  return null
}

/** The operand that scores come from where a sink stands beside them; none where several do, which are blocks. */
function onlyScores(concat: GraphNode, index: GraphIndex): readonly string[] {
  const scores = concat.inputs.filter((input) => findScores(input, index) !== null)
  return intAttribute(concat, 'axis', 0) === 1 || scores.length !== 1 ? [] : scores
}

function isComputed(value: string | undefined, index: GraphIndex): boolean {
  return value !== undefined && index.producer(value) !== undefined
}
