// The inputs of a model as the engine has to fill them.

import type { ElementType } from './ir/element-type.ts'
import { GraphError } from './ir/errors.ts'
import type { Dimension, Graph } from './ir/graph.ts'
import { indexGraph } from './ir/graph-index.ts'

/** Element types that a model's inputs may have. */
export type InputType = 'int64' | 'int32' | 'float32' | 'float16' | 'bool'

export interface PreparedInput {
  readonly name: string
  readonly elementType: InputType
  /** A size, a symbol, or null where the file does not say; empty where even the rank is not known. */
  readonly dims: readonly Dimension[]
}

/** The inputs that no constant stands in for. @throws GraphError unsupported-type */
export function describeInputs(graph: Graph): readonly PreparedInput[] {
  const index = indexGraph(graph)
  return graph.inputs
    .filter(({ name }) => index.initializer(name) === undefined)
    .map(({ name, elementType, dims }) => {
      if (!isInputType(elementType)) throw new GraphError({ kind: 'unsupported-type', value: name, type: elementType ?? 'not a tensor' })
      return { name, elementType, dims: dims ?? [] }
    })
}

function isInputType(type: ElementType | null): type is InputType {
  return type === 'int64' || type === 'int32' || type === 'float32' || type === 'float16' || type === 'bool'
}
