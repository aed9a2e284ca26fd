// Which operators a runtime here can know at all.

import { GraphError } from './errors.ts'
import { type Graph, labelOf, type Model, operatorOf, subgraphsOf } from './graph.ts'

/** Domains that onnxruntime-web registers operators for. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc', 'com.ms.internal.nhwc'])

/** Operators that hold a whole attention: it is recognised once they are lowered to plain ones. */
const FUSED_ATTENTION: ReadonlySet<string> = new Set([
  'Attention',
  'com.microsoft:Attention',
  'com.microsoft:DecoderAttention',
  'com.microsoft:DecoderMaskedMultiHeadAttention',
  'com.microsoft:GroupQueryAttention',
  'com.microsoft:LongformerAttention',
  'com.microsoft:MultiHeadAttention',
  'com.microsoft:PackedAttention',
  'com.microsoft:PackedMultiHeadAttention',
  'com.microsoft:QAttention',
  'com.microsoft:SparseAttention',
])

/** @throws GraphError unknown-operator, naming the first node of a domain that is not known; run it after functions are inlined */
export function checkOperators(model: Model): void {
  checkGraph(model.graph)
}

function checkGraph(graph: Graph): void {
  for (const node of graph.nodes) {
    if (!KNOWN_DOMAINS.has(node.domain)) {
      throw new GraphError({ kind: 'unknown-operator', operator: operatorOf(node), node: labelOf(node) })
    }
    for (const subgraph of subgraphsOf(node)) checkGraph(subgraph)
  }
}

/** The operators that hold an attention inside: fused ones, and those with a Softmax or a fused one in a subgraph. */
export function closedAttention(graph: Graph): readonly string[] {
  const closed = graph.nodes.filter((node) => {
    return FUSED_ATTENTION.has(operatorOf(node)) || subgraphsOf(node).some((subgraph) => holdsAttention(subgraph))
  })
  return Array.from(new Set(closed.map(operatorOf)))
}

function holdsAttention(graph: Graph): boolean {
  return graph.nodes.some((node) => operatorOf(node) === 'Softmax') || closedAttention(graph).length > 0
}
