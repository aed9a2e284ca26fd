// Which output answers, and what kind of answer it is.

import { type Graph, type GraphNode, operatorOf } from '../graph.ts'
import { indexGraph } from '../graph-index.ts'
import { inferElementType } from '../infer-type.ts'
import { inferShapes } from '../normalise/shapes/infer-shapes.ts'
import type { Attention } from './attention.ts'
import { ancestorsOf } from './post-dominators.ts'

/**
 * Scores of classes [B,C]; of classes for each token [B,T,C]; of a vocabulary for each token [B,T,V]; the last hidden state [B,T,d] of a
 * model without a head.
 */
export type Task = 'classifier' | 'token-classifier' | 'token-logits' | 'hidden'

/** Heads of vocabularies are padded or cut by some tokens; classes are fewer by far. */
const FEWER_THAN_VOCABULARY = 0.5

/**
 * The first output of real numbers that the last attention leads to, else the first of real numbers: caches and intermediate
 * results, where they come first, do not depend on all layers.
 * @returns null where no output is of real numbers
 */
export function findAnswer(graph: Graph, attentions: readonly Attention[]): string | null {
  const index = indexGraph(graph)
  const real = graph.outputs.filter(({ name }) => {
    const type = inferElementType(graph, name)
    return type === 'float32' || type === 'float16'
  })
  const last = attentions.at(-1)
  const leads = (name: string): boolean => {
    const producer = index.producer(name)
    return last !== undefined && producer !== undefined && ancestorsOf(producer, index).has(last.context)
  }
  return (real.find(({ name }) => leads(name)) ?? real[0])?.name ?? null
}

/** @param hiddenStates values of the residual stream, where they were found; @param vocabulary rows of the embedding table */
export function taskOf(graph: Graph, answer: string, hiddenStates: readonly string[], vocabulary: number | null): Task | null {
  const index = indexGraph(graph)
  let value = answer
  for (
    let node: GraphNode | undefined = index.producer(value);
    node !== undefined && operatorOf(node) === 'Cast';
    node = index.producer(value)
  ) {
    value = node.inputs[0] ?? ''
  }
  if (hiddenStates.includes(value)) return 'hidden'
  const dims = inferShapes(graph)(value).dims ?? index.info(answer)?.dims
  if (dims?.length === 2) return 'classifier'
  if (dims?.length !== 3) return null
  const width = dims[2]
  const isClasses = typeof width === 'number' && vocabulary !== null && width < FEWER_THAN_VOCABULARY * vocabulary
  return isClasses ? 'token-classifier' : 'token-logits'
}
