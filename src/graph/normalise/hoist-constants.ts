// Constant nodes become initializers, so that later passes know one kind of constant.

import { float32Constant, int64Constant } from '../ir/constant.ts'
import { type GraphNode, type Initializer, operatorOf } from '../ir/graph.ts'
import { type Pass, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'

export const hoistConstants: Pass = {
  name: 'hoist-constants',
  run(model) {
    const { graph, changes } = rewriteOnce(model.graph, (node) => {
      const initializer = operatorOf(node) === 'Constant' ? constantOf(node) : null
      return initializer === null ? null : { initializers: [initializer], change: initializer.name }
    })
    return withGraph(model, { graph, changes: changes.length === 0 ? [] : [`turned ${changes.length} Constant nodes into initializers`] })
  },
}

/** null for constants of kinds that have no initializer form here (strings, sparse tensors). */
function constantOf(node: GraphNode): Initializer | null {
  const name = node.outputs[0] ?? ''
  for (const [key, attribute] of node.attributes) {
    if (key === 'value' && attribute.kind === 'tensor') return { ...attribute.value, name }
    if (key === 'value_float' && attribute.kind === 'float') return float32Constant(name, [], [attribute.value])
    if (key === 'value_floats' && attribute.kind === 'floats') return float32Constant(name, [attribute.value.length], attribute.value)
    if (key === 'value_int' && attribute.kind === 'int') return int64Constant(name, [], [attribute.value])
    if (key === 'value_ints' && attribute.kind === 'ints') return int64Constant(name, [attribute.value.length], attribute.value)
  }
  return null
}
