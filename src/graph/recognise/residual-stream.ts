// The residual stream: the embedding output and what each layer leaves. Found as the points that all paths pass, so that one rule
// serves norms before and after the blocks, parallel blocks, shared weights and any way of writing a norm.

import { type Graph, type GraphNode, operatorOf } from '../graph.ts'
import { type GraphIndex, indexGraph } from '../graph-index.ts'
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
  const states: (string | null)[] = [lastShared(dominators.chain(embedding), first.scores, index)]
  for (const [place, attention] of attentions.entries()) {
    const next = attentions[place + 1]
    const chain = dominators.chain(attention.context)
    states.push(next === undefined ? streamEnd(chain, index) : lastShared(chain.slice(1), next.scores, index))
  }
  const found = states.filter((state) => state !== null)
  return found.length === states.length && new Set(found).size === found.length ? found : []
}

/** The last point of the chain that a later node still depends on. */
function lastShared(chain: readonly GraphNode[], later: GraphNode, index: GraphIndex): string | null {
  const needed = ancestorsOf(later, index)
  return onlyOutput(chain.findLast((node) => needed.has(node)))
}

/**
 * The end of the last layer: its last residual sum, or the norm of it. The norm belongs to the layer where norms follow the blocks, and
 * to the stream where it feeds the output or its one product; before a head of several products it is the head's own.
 */
function streamEnd(chain: readonly GraphNode[], index: GraphIndex): string | null {
  const place = chain.findLastIndex((node) => skipOperand(node, index) !== null)
  const sum = chain[place]
  if (sum === undefined) return null
  const sumValue = onlyOutput(sum)
  const normPlace = chain.findLastIndex((node, at) => at > place && normInput(node.outputs[0] ?? '', index) === sumValue)
  const norm = chain[normPlace]
  if (norm === undefined) return sumValue
  const followsBlocks = normInput(skipOperand(sum, index) ?? '', index) !== null
  return followsBlocks || feedsHead(chain.slice(normPlace + 1)) ? onlyOutput(norm) : sumValue
}

/** Whether the rest of the way is at most one product, made for every token. */
function feedsHead(rest: readonly GraphNode[]): boolean {
  const products = rest.filter((node) => WEIGHTED.has(operatorOf(node)))
  const pick = rest.findIndex((node) => PICKS.has(operatorOf(node)))
  const [product] = products
  return products.length <= 1 && (pick < 0 || (product !== undefined && rest.indexOf(product) < pick))
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
