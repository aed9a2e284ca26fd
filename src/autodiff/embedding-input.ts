// Word embeddings as an input of the graph: where a switch says so, what is fed takes the place of the lookup's output, so that a text
// can be faded in from a baseline, many steps in one batch.

import { elementCodeOf } from '#graph/ir/element-type'
import type { GraphNode, Model } from '#graph/ir/graph'
import { inferElementType } from '#graph/ir/infer-type'
import { freeNames } from '#graph/ir/names'

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
  const free = freeNames(graph)
  const values = free('innerscope.embeddings')
  const use = free('innerscope.use_embeddings')
  const lookedUp = free('innerscope.looked_up')
  const type = inferElementType(graph, embeddings) ?? 'float32'
  const isCast = type !== 'float32'
  const cast = free('innerscope.embeddings_cast')
  const shape = free('innerscope.embeddings_shape')
  const chosen = free('innerscope.embeddings_chosen')
  const added: readonly GraphNode[] = [
    ...(isCast ? [nodeOf('Cast', [values], cast, BigInt(elementCodeOf(type)))] : []),
    nodeOf('Where', [use, isCast ? cast : values, lookedUp], chosen),
    // Moves nothing: it says that the lengths are the lookup's, which all that follows was known by.
    nodeOf('Shape', [lookedUp], shape),
    nodeOf('Reshape', [chosen, shape], embeddings),
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
