// Which output answers, and what kind of answer it is.

import { type Graph, type GraphNode, operatorOf, type ValueInfo } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import type { Attention } from './attention.ts'
import { findEmbedding, idsOf } from './embedding.ts'
import { normInput } from './norm.ts'
import { isPooledVector } from './pooled.ts'
import { ancestorsOf } from './post-dominators.ts'
import { findHiddenStates } from './residual-stream.ts'

/**
 * Scores of classes [B,C]; of classes for each token [B,T,C]; of where a span starts and where it ends [B,T,2]; of a vocabulary for each
 * token [B,T,V]; the last hidden state [B,T,d] of a model without a head. Whether a vocabulary's scores are those of the next token is not said: masks are computed from inputs in too many
 * ways, so a run must show that no token attends to later ones.
 */
export type Task = 'classifier' | 'token-classifier' | 'span' | 'token-logits' | 'hidden'

/** Heads of vocabularies are padded or cut by some tokens; classes are fewer by far. */
const FEWER_THAN_VOCABULARY = 0.5

/** The outputs that answer. */
export interface FoundAnswer {
  /** One, or scores of where a span starts and of where it ends. */
  readonly outputs: readonly string[]
  /** Whether they have one number for each token [B,T]. */
  readonly isByToken: boolean
}

/** How exporters call scores that stand beside other outputs, which are made of them or of what they are made of. */
const LOGITS = /^(.*[._/])?logits$/i

/**
 * The first output of real numbers that the last attention leads to, else the first of real numbers: caches and intermediate
 * results, where they come first, do not depend on all layers. Of several, the one that is called logits. Vectors that stand for whole
 * texts are no answer that can be explained: the states that they are made of are taken instead, another output or, where that is found,
 * a value inside.
 * @returns null where no output is of real numbers
 */
export function findAnswer(graph: Graph, attentions: readonly Attention[]): FoundAnswer | null {
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
  const led = real.map(({ name }) => name).filter(leads)
  const [first] = led
  if (first === undefined) return real[0] === undefined ? null : { outputs: [real[0].name], isByToken: false }
  const ids = idsIn(graph, attentions)
  const byToken = led.filter((output) => rankOf(graph, output) === 2 && isOfTokens(graph, output, output, ids))
  const called = led.filter((name) => LOGITS.test(name))
  if (byToken.length === 2 && called.length === 0) return { outputs: byToken, isByToken: true }
  const states = (output: string) => findHiddenStates(graph, attentions, output)
  const isVector = (output: string) => rankOf(graph, output) === 2 && isPooledVector(graph, output, states(output))
  const [only] = called.length === 1 ? called : []
  const answer = only ?? led.find((name) => !isVector(name)) ?? states(first).at(-1) ?? first
  return { outputs: [answer], isByToken: byToken.includes(answer) }
}

function idsIn(graph: Graph, attentions: readonly Attention[]): ValueInfo | null {
  const embedding = findEmbedding(graph, attentions[0])
  return embedding === null ? null : idsOf(embedding, graph)
}

export function rankOf(graph: Graph, value: string): number | undefined {
  return (indexGraph(graph).info(value)?.dims ?? inferShapes(graph)(value).dims)?.length
}

/**
 * @param hiddenStates values of the residual stream, where they were found
 * @param vocabulary rows of the embedding table
 * @param ids the input that is looked up in it
 * @returns null, too, for one number for each token, such as the scores of where an answer starts, and for vectors of whole texts
 */
export function taskOf(
  graph: Graph,
  answer: string,
  hiddenStates: readonly string[],
  vocabulary: number | null,
  ids: ValueInfo | null,
): Task | null {
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
  if (dims?.length === 2) return isOfTokens(graph, answer, value, ids) || isPooledVector(graph, value, hiddenStates) ? null : 'classifier'
  if (dims?.length !== 3) return null
  // Scores are not normed: a state that was not found in the stream must not pass for as many classes as it has numbers.
  if (normInput(value, index) !== null) return 'hidden'
  const width = dims[2]
  const isClasses = typeof width === 'number' && vocabulary !== null && width < FEWER_THAN_VOCABULARY * vocabulary
  return isClasses ? 'token-classifier' : 'token-logits'
}

/** Whether a value [B,T] is as wide as the ids [B,T] are, by the shapes of the graph or by what the file calls its sizes. */
function isOfTokens(graph: Graph, answer: string, value: string, ids: ValueInfo | null): boolean {
  if (ids === null) return false
  const facts = inferShapes(graph)
  const tokens = facts(ids.name).dims?.[1]
  const declared = indexGraph(graph).info(answer)?.dims?.[1]
  return (tokens !== undefined && facts(value).dims?.[1] === tokens) || (typeof declared === 'string' && declared === ids.dims?.[1])
}
