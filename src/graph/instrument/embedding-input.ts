// Word embeddings as a port: what is fed takes the place of the lookup's output where a flag says so, so that a text can be faded in from a
// baseline, many steps in one batch.

import { elementCodeOf } from '../ir/element-type.ts'
import type { GraphNode } from '../ir/graph.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { freeNames } from '../ir/names.ts'
import { type Instrument, type Instrumented, type Port, portInfo } from './instrument.ts'

export type EmbeddingInput = Instrumented<{
  /** float32 [B,T,d]; any shape that broadcasts to it where it is not used. */
  readonly values: Port
  /** bool [1]: whether the values are used. */
  readonly use: Port
}>

/**
 * The lookup's output keeps its name, and its users the value. The ids stay an input: masks, positions and shapes come from them, so they
 * are fed once for each element of the batch.
 */
export const embeddingInput: Instrument<EmbeddingInput | null> = {
  name: 'embedding-input',
  apply(model, { embeddings }) {
    if (embeddings === null) return null
    const { graph } = model
    const free = freeNames(graph)
    const values: Port = {
      name: free('innerscope.embeddings'),
      elementType: 'float32',
      dims: ['innerscope_batch', 'innerscope_tokens', null],
      rest: { dims: [1, 1, 1], values: [0] },
    }
    const use: Port = { name: free('innerscope.use_embeddings'), elementType: 'bool', dims: [1], rest: { dims: [1], values: [0] } }
    const lookedUp = free('innerscope.looked_up')
    const type = inferElementType(graph, embeddings) ?? 'float32'
    const isCast = type !== 'float32'
    const cast = free('innerscope.embeddings_cast')
    const shape = free('innerscope.embeddings_shape')
    const chosen = free('innerscope.embeddings_chosen')
    const added: readonly GraphNode[] = [
      ...(isCast ? [nodeOf('Cast', [values.name], cast, BigInt(elementCodeOf(type)))] : []),
      nodeOf('Where', [use.name, isCast ? cast : values.name, lookedUp], chosen),
      // Moves nothing: it says that the lengths are the lookup's, which all that follows was known by.
      nodeOf('Shape', [lookedUp], shape),
      nodeOf('Reshape', [chosen, shape], embeddings),
    ]
    const nodes = graph.nodes.flatMap((node) => {
      if (!node.outputs.includes(embeddings)) return [node]
      return [{ ...node, outputs: node.outputs.map((name) => (name === embeddings ? lookedUp : name)) }, ...added]
    })
    const inputs = [...graph.inputs, portInfo(values), portInfo(use)]
    return {
      model: { ...model, graph: { ...graph, inputs, nodes } },
      ports: { values, use },
      changes: [`embeddings may be fed as ${embeddings}`],
    }
  },
}

function nodeOf(opType: string, inputs: readonly string[], output: string, to?: bigint): GraphNode {
  const attributes = new Map(to === undefined ? [] : [['to', { kind: 'int', value: to } as const]])
  return { name: '', opType, domain: '', inputs, outputs: [output], attributes }
}
