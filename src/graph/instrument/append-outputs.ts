// Makes inner values outputs of the graph, by element type and without a shape: the runtime computes the same numbers with or without.

import { elementCodeOf } from '../ir/element-type.ts'
import { GraphError } from '../ir/errors.ts'
import { type Graph, type GraphNode, operatorOf, type ValueInfo } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'

/**
 * The output that gives a value as float32: the value itself, or a cast of it.
 * @throws GraphError unsupported-type where the value's type cannot be told
 */
export function tapOf(graph: Graph, value: string): string {
  const type = inferElementType(graph, value)
  if (type === null) throw new GraphError({ kind: 'unsupported-type', value, type: 'unknown' })
  const index = indexGraph(graph)
  let name = value
  if (type !== 'float32') for (name = `${value}_float32`; !isFree(name, value, index); ) name = `${name}_`
  return name
}

/** Not in use, or in use for this cast already. */
function isFree(name: string, value: string, index: GraphIndex): boolean {
  const producer = index.producer(name)
  if (producer !== undefined) return operatorOf(producer) === 'Cast' && producer.inputs[0] === value
  return index.initializer(name) === undefined && !index.isInput(name)
}

/** The graph with the taps of the values as outputs, each once. @throws GraphError unsupported-type */
export function appendOutputs(graph: Graph, values: readonly string[]): Graph {
  const index = indexGraph(graph)
  const casts: GraphNode[] = []
  const added: ValueInfo[] = []
  for (const value of new Set(values)) {
    const name = tapOf(graph, value)
    if (name !== value && index.producer(name) === undefined) casts.push(castToFloat(value, name))
    if (!index.isOutput(name)) added.push({ name, elementType: 'float32', dims: null })
  }
  return added.length === 0 ? graph : { ...graph, nodes: [...graph.nodes, ...casts], outputs: [...graph.outputs, ...added] }
}

function castToFloat(value: string, name: string): GraphNode {
  const attributes = new Map([['to', { kind: 'int', value: BigInt(elementCodeOf('float32')) } as const]])
  return { name: '', opType: 'Cast', domain: '', inputs: [value], outputs: [name], attributes }
}
