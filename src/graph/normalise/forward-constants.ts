// Identity of a constant is how exporters share a weight between layers: its users take the constant itself, so that it is seen as one.

import { operatorOf } from '../ir/graph.ts'
import { fixedPoint, type Rule } from '../rewrite/rewrite.ts'

const forwardIdentity: Rule = (node, index) => {
  const [source] = node.inputs
  const [output] = node.outputs
  if (operatorOf(node) !== 'Identity' || source === undefined || output === undefined) return null
  if (index.initializer(source) === undefined || index.isOutput(output)) return null
  return { renamed: new Map([[output, source]]), change: `${output} is the constant ${source}` }
}

export const forwardConstants = fixedPoint('forward-constants', [forwardIdentity])
