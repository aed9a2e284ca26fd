// Makes inner values outputs of the graph, by element type and without a shape: the runtime computes the same numbers with or without.

import { GraphError } from '../errors.ts'
import type { Graph, ValueInfo } from '../graph.ts'
import { indexGraph } from '../graph-index.ts'
import { inferElementType } from '../infer-type.ts'

/** The graph with the values as outputs, each once. @throws GraphError unsupported-type where a value's type cannot be told */
export function appendOutputs(graph: Graph, values: readonly string[]): Graph {
  const index = indexGraph(graph)
  const missing = Array.from(new Set(values)).filter((value) => !index.isOutput(value))
  const added = missing.map((name): ValueInfo => {
    const elementType = inferElementType(graph, name)
    if (elementType === null) throw new GraphError({ kind: 'unsupported-type', value: name, type: 'unknown' })
    return { name, elementType, dims: null }
  })
  return added.length === 0 ? graph : { ...graph, outputs: [...graph.outputs, ...added] }
}
