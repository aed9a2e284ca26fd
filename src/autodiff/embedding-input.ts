// Word embeddings as an input of the graph: where a switch says so, what is fed takes the place of the lookup's output, so that a text
// can be faded in from a baseline, many steps in one batch.

import { elementCodeOf } from '#graph/element-type'
import type { GraphNode, Model } from '#graph/graph'
import { inferElementType } from '#graph/infer-type'
import { freeName } from './names.ts'

export interface EmbeddingInput {
  /** float32 [B,T,d]; any shape that broadcasts to it where it is not used, such as [1,1,1]. */
  readonly values: string
  /** bool [1] */
  readonly use: string
}

/**
 * The value keeps its name, and its users the value. The ids stay an input: masks, positions and shapes come from them, so they are fed
 * once for each element of the batch.
 * @param embeddings the output of the word-embedding lookup
 */
export function embeddingInput(model: Model, embeddings: string): { readonly model: Model; readonly input: EmbeddingInput } {
  const { graph } = model
  const values = freeName('innerscope.embeddings', graph)
  const use = freeName('innerscope.use_embeddings', graph)
  const lookedUp = freeName('innerscope.looked_up', graph)
  const type = inferElementType(graph, embeddings) ?? 'float32'
  const isCast = type !== 'float32'
  const cast = freeName('innerscope.embeddings_cast', graph)
  const added: readonly GraphNode[] = [
    ...(isCast ? [nodeOf('Cast', [values], cast, BigInt(elementCodeOf(type)))] : []),
    nodeOf('Where', [use, isCast ? cast : values, lookedUp], embeddings),
  ]
  const nodes = graph.nodes.flatMap((node) => {
    if (!node.outputs.includes(embeddings)) return [node]
    return [{ ...node, outputs: node.outputs.map((name) => (name === embeddings ? lookedUp : name)) }, ...added]
  })
  const inputs = [
    ...graph.inputs,
    { name: values, elementType: 'float32' as const, dims: ['innerscope_batch', 'innerscope_tokens', null] },
    { name: use, elementType: 'bool' as const, dims: [1] },
  ]
  return { model: { ...model, graph: { ...graph, inputs, nodes } }, input: { values, use } }
}

function nodeOf(opType: string, inputs: readonly string[], output: string, to?: bigint): GraphNode {
  const attributes = new Map(to === undefined ? [] : [['to', { kind: 'int', value: to } as const]])
  return { name: '', opType, domain: '', inputs, outputs: [output], attributes }
}
