// All that is recognised in a normalised graph, and the refusal of graphs in which there is nothing to explain.

import { GraphError } from '../errors.ts'
import { type Graph, operatorOf } from '../graph.ts'
import { closedAttention } from '../operators.ts'
import { type Task, taskOf } from './answer.ts'
import { type Attention, findAttentions } from './attention.ts'
import { embeddingOutput, findEmbedding, idsOf, vocabularyOf } from './embedding.ts'
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
}

/** @param answer the output that the layers lead to; @throws GraphError single-token where the graph cannot read a text by itself */
export function recogniseParts(graph: Graph, answer: string): Parts {
  const attentions = findAttentions(graph)
  const embedding = findEmbedding(graph, attentions[0])
  // A decoder's file for continuing from a cache has one place for an id.
  const ids = embedding === null ? null : idsOf(embedding, graph)
  if (ids?.dims?.length === 2 && ids.dims[1] === 1) throw new GraphError({ kind: 'single-token', input: ids.name })
  const hiddenStates = findHiddenStates(graph, attentions, answer)
  const vocabulary = embedding === null ? null : vocabularyOf(embedding, graph)
  return {
    attentions,
    hiddenStates,
    embeddings: embedding === null ? null : embeddingOutput(embedding, graph),
    task: taskOf(graph, answer, hiddenStates, vocabulary),
    vocabulary,
  }
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
