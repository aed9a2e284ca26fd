// The residual stream: the embedding output and what each layer leaves. Found as the points that all paths pass, so that one rule
// serves norms before and after the blocks, parallel blocks, shared weights and any way of writing a norm.

import { type Graph, type GraphNode, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import type { Attention } from './attention.ts'
import { findEmbedding } from './embedding.ts'
import { normInput } from './norm.ts'
import { ancestorsOf, postDominators } from './post-dominators.ts'

const WEIGHTED: ReadonlySet<string> = new Set([
  'MatMul',
  'Gemm',
  'Conv',
  'MatMulInteger',
  'com.microsoft:MatMulNBits',
  'com.microsoft:MatMulBnb4',
  'com.microsoft:FusedMatMul',
])
/** They leave one row of a sequence, or a mean of its rows. */
const PICKS: ReadonlySet<string> = new Set(['Gather', 'GatherND', 'ReduceMean', 'ReduceSum', 'ReduceMax'])
const COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Dropout'])
/** Rows of all sequences are joined for some blocks, and parted again. */
const RESHAPES: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze'])

/**
 * Value names of the embedding output, then of each layer's output; empty where one of them is not found.
 * A layer's output is where the residual stream stands when the next attention begins: after the norm where norms follow the
 * blocks (BERT), before it where they precede them (GPT-2, Llama). The last layer's is after a final
 * norm that feeds the head, as libraries give it.
 * @param output the output of the graph that the layers lead to
 */
export function findHiddenStates(graph: Graph, attentions: readonly Attention[], output: string): readonly string[] {
  const index = indexGraph(graph)
  const dominators = postDominators(graph, output)
  const [first] = attentions
  const embedding = findEmbedding(graph, first)
  if (first === undefined || embedding === null) return []
  const chains = attentions.map(({ context }) => dominators.chain(context))
  const between = attentions.slice(1).map(({ scores }, place) => lastShared((chains[place] ?? []).slice(1), scores, index))
  const start = lastShared(dominators.chain(embedding), first.scores, index)
  const tail = tailOf(chains.at(-2), between.at(-1), index)
  const states = [start, ...between, streamEnd(chains.at(-1) ?? [], tail, index)].map((node) => onlyOutput(node))
  const found = states.filter((state) => state !== null)
  return found.length === states.length && new Set(found).size === found.length && found.every((state) => isByToken(state, graph))
    ? found
    : []
}

/** Whether a state may be [B,T,d]: convolutions along the tokens have a stream of [B,d,T]. */
function isByToken(state: string, graph: Graph): boolean {
  const { dims } = inferShapes(graph)(state)
  return dims === null || (dims.length === 3 && !(typeof dims[1] === 'number' && typeof dims[2] === 'string'))
}

/** The last point of the chain that a later node still depends on. */
function lastShared(chain: readonly GraphNode[], later: GraphNode, index: GraphIndex): GraphNode | undefined {
  const needed = ancestorsOf(later, index)
  return chain.findLast((node) => needed.has(node))
}

/** Operators between a layer's last residual sum and its output: those of a norm that follows the block, or none. */
function tailOf(chain: readonly GraphNode[] | undefined, state: GraphNode | undefined, index: GraphIndex): readonly string[] {
  const upToState = chain === undefined || state === undefined ? [] : chain.slice(0, chain.indexOf(state) + 1)
  const sum = lastSum(upToState, index)
  return sum < 0 ? [] : upToState.slice(sum + 1).map(operatorOf)
}

/**
 * The end of the last layer: its last residual sum, or what follows it in the layers before, or the norm of it. The norm belongs to the
 * layer where norms follow the blocks, and to the stream where it feeds the output or its one product; before a head of several
 * products it is the head's own.
 * @param tail operators that follow the last sum of the layer before
 */
function streamEnd(chain: readonly GraphNode[], tail: readonly string[], index: GraphIndex): GraphNode | undefined {
  const place = lastSum(chain, index)
  const sum = chain[place]
  if (sum === undefined) return undefined
  const rest = chain.slice(place + 1)
  if (tail.length > 0 && tail.every((operator, at) => rest[at] !== undefined && operatorOf(rest[at]) === operator))
    return rest[tail.length - 1]
  const isNormOfSum = (node: GraphNode) => behindCopies(normInput(node.outputs[0] ?? '', index) ?? '', index) === onlyOutput(sum)
  const normPlace = rest.findLastIndex(isNormOfSum)
  const followsBlocks = normInput(skipOperand(beforeReshapes(sum, index), index) ?? '', index) !== null
  return normPlace >= 0 && (followsBlocks || feedsHead(rest.slice(normPlace + 1))) ? rest[normPlace] : sum
}

/**
 * Place of the last residual sum, in the shape that the stream goes on with; -1 for none. Blocks that run beside each other may be added
 * one after the other, and a bias after them.
 */
function lastSum(chain: readonly GraphNode[], index: GraphIndex): number {
  let place = chain.findLastIndex((node) => skipOperand(node, index) !== null)
  const sum = chain[place]
  const source = sum === undefined ? null : skipOperand(sum, index)
  for (let next = chain[place + 1]; source !== null && next !== undefined; next = chain[place + 1]) {
    const block = next.inputs.find((input) => index.producer(input) !== chain[place]) ?? ''
    const isAdded = operatorOf(next) === 'Add' && next.inputs.length === 2 && dependsThroughWeights(block, source, index)
    const isShift = operatorOf(next) === 'Add' && index.initializer(block) !== undefined
    if (!isAdded && !isShift && !RESHAPES.has(operatorOf(next))) break
    place++
  }
  return place
}

/** Whether the rest of the way is at most one product, made for every token; a mean or a row without a product is a vector of the state. */
function feedsHead(rest: readonly GraphNode[]): boolean {
  const products = rest.filter((node) => WEIGHTED.has(operatorOf(node)))
  const pick = rest.findIndex((node) => PICKS.has(operatorOf(node)))
  const [product] = products
  return products.length <= 1 && (pick < 0 || product === undefined || rest.indexOf(product) < pick)
}

function beforeReshapes(node: GraphNode, index: GraphIndex): GraphNode {
  const source = RESHAPES.has(operatorOf(node)) ? index.producer(node.inputs[0] ?? '') : undefined
  return source === undefined ? node : beforeReshapes(source, index)
}

/** The operand of a residual sum that skips the block: the other operand is computed from it through weights. */
function skipOperand(node: GraphNode, index: GraphIndex): string | null {
  const [left, right] = node.inputs
  if (operatorOf(node) !== 'Add' || left === undefined || right === undefined) return null
  if (index.producer(left) === undefined || index.producer(right) === undefined) return null
  if (dependsThroughWeights(right, left, index)) return behindCopies(left, index)
  return dependsThroughWeights(left, right, index) ? behindCopies(right, index) : null
}

/** Whether `value` is computed from `source` by a path with a weight product on it. */
function dependsThroughWeights(value: string, source: string, index: GraphIndex): boolean {
  const origin = index.producer(behindCopies(source, index))
  const start = index.producer(value)
  if (origin === undefined || start === undefined) return false
  const oldest = index.position(origin)
  const seen: readonly [Set<GraphNode>, Set<GraphNode>] = [new Set([start]), new Set()]
  const queue: (readonly [node: GraphNode, weighted: boolean])[] = [[start, false]]
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const [node, before] = entry
    if (node === origin) {
      if (before) return true
      continue
    }
    const weighted = before || WEIGHTED.has(operatorOf(node))
    for (const input of node.inputs) {
      const producer = index.producer(input)
      const reached = seen[weighted ? 1 : 0]
      if (producer === undefined || index.position(producer) < oldest || reached.has(producer)) continue
      reached.add(producer)
      queue.push([producer, weighted])
    }
  }
  return false
}

function behindCopies(value: string, index: GraphIndex): string {
  const node = index.producer(value)
  const input = node?.inputs[0]
  return node !== undefined && input !== undefined && COPIES.has(operatorOf(node)) ? behindCopies(input, index) : value
}

/** The output of a node that has one; null for others, whose part in the stream is not told apart here. */
function onlyOutput(node: GraphNode | undefined): string | null {
  const outputs = node?.outputs.filter((output) => output !== '') ?? []
  return outputs.length === 1 ? (outputs[0] ?? null) : null
}
