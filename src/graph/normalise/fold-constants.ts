// Small expressions of constants, and of lengths that are the same for every input, are computed once, here. Large ones are left to
// the runtime, which folds them when it loads the graph.

import { numbersConstant } from '../ir/constant.ts'
import { type Initializer, operatorOf } from '../ir/graph.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { type Pass, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'
import { numbersIn } from '../shapes/facts.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'

export const foldConstants: Pass = {
  name: 'fold-constants',
  run(model) {
    const facts = inferShapes(model.graph)
    const { graph, changes } = rewriteOnce(model.graph, (node, index) => {
      if (node.outputs.length === 0 || operatorOf(node) === 'Constant' || node.outputs.some((output) => index.isOutput(output))) return null
      const initializers = node.outputs.map(foldedOf).filter((constant) => constant !== null)
      return initializers.length === node.outputs.length ? { initializers, change: initializers[0]?.name ?? '' } : null
    })
    return withGraph(model, { graph, changes: changes.length === 0 ? [] : [`computed ${changes.length} small constant expressions`] })

    function foldedOf(value: string): Initializer | null {
      const { dims, elements } = facts(value)
      const numbers = numbersIn({ dims, elements })
      const sizes = numbersIn({ dims, elements: dims })
      const type = numbers === null || sizes === null ? null : inferElementType(model.graph, value)
      return numbers === null || sizes === null || type === null ? null : numbersConstant(value, type, sizes, numbers)
    }
  },
}
