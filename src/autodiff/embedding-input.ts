// Word embeddings as an input of the graph: what is fed takes the place of the lookup's output, so that a text can be faded in from a
// baseline, many steps in one batch.

import { elementCodeOf } from '#graph/element-type'
import type { GraphNode, Model } from '#graph/graph'
import { inferElementType } from '#graph/infer-type'
import { inferShapes } from '#graph/normalise/shapes/infer-shapes'
import { freeName } from './names.ts'

export interface EmbeddingInput {
  readonly model: Model
  /** float32 [B,T,d] */
  readonly input: string
  /** The value that stands for the embeddings in the graph now. */
  readonly embeddings: string
}

/**
 * The ids are still an input: masks, positions and shapes may come from them, so they are fed once for each element of the batch.
 * @param embeddings the value of the graph that holds them
 */
export function embeddingInput(model: Model, embeddings: string): EmbeddingInput {
  const { graph } = model
  const input = freeName('innerscope.embeddings', graph)
  const type = inferElementType(graph, embeddings)
  const cast = freeName('innerscope.embeddings_cast', graph)
  const isCast = type !== null && type !== 'float32'
  const stands = isCast ? cast : input
  const casts: readonly GraphNode[] = isCast
    ? [
        {
          name: '',
          opType: 'Cast',
          domain: '',
          inputs: [input],
          outputs: [cast],
          attributes: new Map([['to', { kind: 'int', value: BigInt(elementCodeOf(type)) } as const]]),
        },
      ]
    : []
  const nodes = graph.nodes.map((node) =>
    node.inputs.includes(embeddings) ? { ...node, inputs: node.inputs.map((name) => (name === embeddings ? stands : name)) } : node,
  )
  const known = inferShapes(graph)(embeddings).dims
  const width = known?.[2]
  const dims = known?.length === 3 ? ['innerscope_batch', 'innerscope_tokens', typeof width === 'number' ? width : null] : null
  const inputs = [...graph.inputs, { name: input, elementType: 'float32' as const, dims }]
  return { model: { ...model, graph: { ...graph, inputs, nodes: [...casts, ...nodes] } }, input, embeddings: stands }
}
