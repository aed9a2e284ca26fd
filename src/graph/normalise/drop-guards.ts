// Exporters of scaled_dot_product_attention put 0 in place of NaN after the Softmax. It serves rows in which everything is masked by
// minus infinity, and no row of a text is, since every token sees itself; IsNaN does not run on WebGPU.

import { scalarOf } from '../ir/constant.ts'
import { type GraphNode, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { type Pass, type Rule, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'

const AFTER_SOFTMAX: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Dropout'])

export const dropGuards: Pass = {
  name: 'drop-guards',
  run(model) {
    const { graph, changes } = rewriteOnce(model.graph, dropGuard)
    const change = `removed ${changes.length} guards after a Softmax: a row in which everything is masked would now be NaN, not 0`
    return withGraph(model, { graph, changes: changes.length === 0 ? [] : [change] })
  },
}

/** Where(IsNaN(p), 0, p), p a Softmax. */
const dropGuard: Rule = (node, index) => {
  const [condition = '', replacement = '', kept = ''] = node.inputs
  const [output = ''] = node.outputs
  if (operatorOf(node) !== 'Where' || index.isOutput(output)) return null
  const test = index.producer(condition)
  if (test === undefined || operatorOf(test) !== 'IsNaN' || test.inputs[0] !== kept) return null
  if (!isZero(replacement, index) || !isSoftmax(index.producer(kept), index)) return null
  return { renamed: new Map([[output, kept]]), change: output }
}

function isZero(value: string, index: GraphIndex): boolean {
  const producer = index.producer(value)
  if (producer === undefined) return isZeroConstant(value, index)
  const operator = operatorOf(producer)
  if (operator === 'ConstantOfShape') {
    const filling = producer.attributes.get('value')
    return filling?.kind !== 'tensor' || scalarOf(filling.value) === 0
  }
  return (operator === 'Cast' || operator === 'Expand') && isZero(producer.inputs[0] ?? '', index)
}

/** All bits 0: the one zero of every type that is not negative. */
function isZeroConstant(value: string, index: GraphIndex): boolean {
  const constant = index.initializer(value)
  if (constant?.storage.kind === 'bytes') return constant.storage.bytes.every((byte) => byte === 0)
  return scalarOf(constant) === 0
}

function isSoftmax(node: GraphNode | undefined, index: GraphIndex): boolean {
  if (node === undefined) return false
  const operator = operatorOf(node)
  return operator === 'Softmax' || (AFTER_SOFTMAX.has(operator) && isSoftmax(index.producer(node.inputs[0] ?? ''), index))
}
