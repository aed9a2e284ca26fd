// Element types of inner values, which files mostly leave out: a table of the operators that do not keep their first input's type.

import { type ElementType, elementTypeOf } from './element-type.ts'
import { type Graph, type GraphNode, intAttribute, operatorOf } from './graph.ts'
import { indexGraph } from './graph-index.ts'

/** How an operator's output gets its type: a fixed one, that of the input at a place, or computed. */
type TypeRule = ElementType | number | ((node: GraphNode, output: number) => ElementType | null)

const castTarget: TypeRule = (node) => elementTypeOf(intAttribute(node, 'to', 0))
const tensorValue: TypeRule = (node) => {
  const value = node.attributes.get('value')
  return value?.kind === 'tensor' ? value.value.elementType : 'float32'
}
const dynamicQuantize: TypeRule = (_node, output) => (output === 1 ? 'float32' : 'uint8')

const RULES: Readonly<Record<string, TypeRule>> = {
  Cast: castTarget,
  Constant: tensorValue,
  ConstantOfShape: tensorValue,
  Shape: 'int64',
  Size: 'int64',
  ArgMax: 'int64',
  ArgMin: 'int64',
  NonZero: 'int64',
  Equal: 'bool',
  Greater: 'bool',
  GreaterOrEqual: 'bool',
  Less: 'bool',
  LessOrEqual: 'bool',
  And: 'bool',
  Or: 'bool',
  Xor: 'bool',
  Not: 'bool',
  IsNaN: 'bool',
  IsInf: 'bool',
  Where: 1,
  CastLike: 1,
  OneHot: 2,
  QuantizeLinear: 2,
  DequantizeLinear: 1,
  RMSNormalization: 1,
  SimplifiedLayerNormalization: 1,
  DynamicQuantizeLinear: dynamicQuantize,
  MatMulInteger: 'int32',
  ConvInteger: 'int32',
  'com.microsoft:GatherBlockQuantized': 2,
  'com.microsoft:EmbedLayerNormalization': 2,
}

/**
 * The element type of a value: what the file says, else followed back through the operators; null where neither knows.
 * Operators without a row keep the type of their first input, which holds for arithmetic, products, norms and data movement.
 */
export function inferElementType(graph: Graph, value: string): ElementType | null {
  const index = indexGraph(graph)
  let current = value
  // Each step goes to an earlier node, so the walk ends.
  for (;;) {
    const declared = index.initializer(current)?.elementType ?? index.info(current)?.elementType ?? null
    if (declared !== null) return declared
    const node = index.producer(current)
    if (node === undefined) return null
    const rule = RULES[operatorOf(node)] ?? 0
    if (typeof rule === 'string') return rule
    if (typeof rule === 'function') return rule(node, node.outputs.indexOf(current))
    const next = node.inputs[rule]
    if (next === undefined || next === '') return null
    current = next
  }
}
