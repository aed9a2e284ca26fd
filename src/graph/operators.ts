// Which operators a runtime here can know at all.

import { GraphError } from './errors.ts'
import { type Graph, labelOf, type Model, operatorOf, subgraphsOf } from './graph.ts'

/** Domains that onnxruntime-web registers operators for. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc', 'com.ms.internal.nhwc'])

/** Operators that hold a whole attention: recognised once they are lowered to plain ones. */
export const FUSED_ATTENTION: ReadonlySet<string> = new Set([
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

/** @throws GraphError unknown-operator, naming the first node of a domain that is neither known nor defined in the file */
export function checkOperators(model: Model): void {
  checkGraph(model.graph, model.functions)
}

function checkGraph(graph: Graph, functions: ReadonlySet<string>): void {
  for (const node of graph.nodes) {
    const operator = operatorOf(node)
    if (!KNOWN_DOMAINS.has(node.domain) && !functions.has(operator)) {
      throw new GraphError({ kind: 'unknown-operator', operator, node: labelOf(node) })
    }
    for (const subgraph of subgraphsOf(node)) checkGraph(subgraph, functions)
  }
}
