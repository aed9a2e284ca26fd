// All that is recognised in a normalised graph, and the refusal of graphs in which there is nothing to explain.

import { GraphError } from '../ir/errors.ts'
import { type Graph, operatorOf } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { closedAttention } from '../ir/operators.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { type Task, taskOf } from './answer.ts'
import { type Attention, findAttentions } from './attention.ts'
import { isByToken } from './by-token.ts'
import { findCaches, type KeyValueCache } from './caches.ts'
import { embeddingOutput, findEmbedding, idsOf, vocabularyOf } from './embedding.ts'
import { findHead, type Head } from './output-head.ts'
import { type HeadWeight, headWeight } from './output-head-weight.ts'
import { findHiddenStates } from './residual-stream.ts'

export interface Parts {
  readonly attentions: readonly Attention[]
  /** The embedding output, then each layer's; empty where one was not found. */
  readonly hiddenStates: readonly string[]
  /** Output of the word-embedding lookup. */
  readonly embeddings: string | null
  readonly task: Task | null
  /** Rows of the word-embedding table. */
  readonly vocabulary: number | null
  /** What makes a vocabulary's scores of the last hidden state, token by token; null where there is none or that is not proved. */
  readonly head: Head | null
  /** null where there is no head, and where its weight is computed. */
  readonly headWeight: HeadWeight | null
  /** By which a text can be continued token by token; none where it cannot. */
  readonly caches: readonly KeyValueCache[]
}

/**
 * @param answer the output that the layers lead to
 * @param isSpan whether it says where a span starts and where it ends
 * @throws GraphError single-token where the graph cannot read a text by itself
 */
export function recogniseParts(graph: Graph, answer: string, isSpan = false): Parts {
  const attentions = findAttentions(graph)
  const embedding = findEmbedding(graph, attentions[0])
  // A decoder's file for continuing from a cache has one place for an id.
  const ids = embedding === null ? null : idsOf(embedding, graph)
  if (ids?.dims?.length === 2 && ids.dims[1] === 1) throw new GraphError({ kind: 'single-token', input: ids.name })
  const hiddenStates = findHiddenStates(graph, attentions, answer)
  const vocabulary = embedding === null ? null : vocabularyOf(embedding, graph)
  const task = isSpan ? 'span' : taskOf(graph, answer, hiddenStates, vocabulary, ids)
  const head = task === 'token-logits' ? headByToken(graph, answer, hiddenStates.at(-1), ids?.name) : null
  return {
    attentions,
    hiddenStates,
    embeddings: embedding === null ? null : embeddingOutput(embedding, graph),
    task,
    vocabulary,
    head,
    headWeight: head === null ? null : headWeight(head, embedding, graph),
    caches: task === 'token-logits' ? findCaches(graph) : [],
  }
}

function headByToken(graph: Graph, answer: string, state: string | undefined, ids: string | undefined): Head | null {
  const head = findHead(graph, answer)
  if (head === null || state === undefined) return null
  const dims = ids === undefined ? null : inferShapes(graph)(ids).dims
  const rows = { source: state, tokens: dims?.length === 2 ? (dims[1] ?? null) : null }
  return isByToken(head.hidden, rows, indexGraph(graph)) ? head : null
}

/**
 * A model of which only some layers are open is refused too: layers would be numbered wrongly.
 * @throws GraphError closed-attention, no-attention
 */
export function assertOpen(graph: Graph, attentions: readonly Attention[]): void {
  const operators = closedAttention(graph)
  if (operators.length > 0) throw new GraphError({ kind: 'closed-attention', operators })
  const softmaxes = graph.nodes.filter((node) => operatorOf(node) === 'Softmax').length
  if (attentions.length === 0) throw new GraphError({ kind: 'no-attention', softmaxes })
}
