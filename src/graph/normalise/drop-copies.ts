// Identity, Dropout as it is outside of training, casts to the type a value has already, and sums of one operand pass their input on
// unchanged: their users take the input itself.

import { elementTypeOf } from '../ir/element-type.ts'
import { type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { type Pass, type Rule, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'

type Test = (node: GraphNode, index: GraphIndex) => boolean

const always: Test = () => true

/** When an operator is a copy. */
const COPIES: ReadonlyMap<string, Test> = new Map([
  ['Identity', always],
  ['Dropout', (node: GraphNode, index: GraphIndex) => !isTraining(node, index) && index.consumers(node.outputs[1] ?? '').length === 0],
  ['Cast', (node: GraphNode, index: GraphIndex) => castsToItself(node, index)],
  ['Sum', (node: GraphNode) => node.inputs.length === 1],
  ['Max', (node: GraphNode) => node.inputs.length === 1],
  ['Min', (node: GraphNode) => node.inputs.length === 1],
  ['Concat', (node: GraphNode) => node.inputs.length === 1],
])

export const dropCopies: Pass = {
  name: 'drop-copies',
  run(model) {
    const { graph, changes } = rewriteOnce(model.graph, passOn)
    return withGraph(model, { graph, changes: changes.length === 0 ? [] : [`removed ${changes.length} nodes that only copy`] })
  },
}

const passOn: Rule = (node, index) => {
  const [source = ''] = node.inputs
  const [output = ''] = node.outputs
  if (source === '' || index.isOutput(output) || node.outputs.slice(1).some((other) => index.isOutput(other))) return null
  return COPIES.get(operatorOf(node))?.(node, index) === true ? { renamed: new Map([[output, source]]), change: output } : null
}

/** The third input, where there is one, switches training on. */
function isTraining(node: GraphNode, index: GraphIndex): boolean {
  const mode = node.inputs[2] ?? ''
  const constant = index.initializer(mode)
  return mode !== '' && !(constant?.storage.kind === 'bytes' && constant.storage.bytes.every((byte) => byte === 0))
}

function castsToItself(node: GraphNode, index: GraphIndex): boolean {
  const target = elementTypeOf(intAttribute(node, 'to', 0))
  return target !== null && inferElementType(index.graph, node.inputs[0] ?? '') === target
}
