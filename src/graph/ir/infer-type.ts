// Element types of inner values, which files mostly leave out: a table of the operators that do not keep their first input's type.

import { type ElementType, elementTypeOf } from './element-type.ts'
import { type Graph, type GraphNode, intAttribute, operatorOf } from './graph.ts'
import { indexGraph } from './graph-index.ts'

/** How an operator's output gets its type: a fixed one, that of the input at a place, or computed. */
type TypeRule =
  | ElementType
  | number
  | ((node: GraphNode, output: number, typeOf: (value: string) => ElementType | null) => ElementType | null)

const castTarget: TypeRule = (node) => elementTypeOf(intAttribute(node, 'to', 0))
const tensorValue: TypeRule = (node) => {
  const value = node.attributes.get('value')
  return value?.kind === 'tensor' ? value.value.elementType : 'float32'
}
const dynamicQuantize: TypeRule = (_node, output) => (output === 1 ? 'float32' : 'uint8')

const indices =
  (from: number): TypeRule =>
  (node, output, typeOf) =>
    output < from ? typeOf(node.inputs[0] ?? '') : 'int64'
/** Subgraphs, sequences, random numbers: what they give is not told by their inputs. */
const notTold: TypeRule = () => null

/** Operators of others, and those that a file defines itself, may give anything. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'com.microsoft'])

const RULES: Readonly<Record<string, TypeRule>> = {
  Cast: castTarget,
  Constant: tensorValue,
  ConstantOfShape: tensorValue,
  Shape: 'int64',
  Size: 'int64',
  If: notTold,
  Loop: notTold,
  Scan: notTold,
  SequenceAt: notTold,
  OptionalGetElement: notTold,
  EyeLike: notTold,
  RandomNormalLike: notTold,
  RandomUniformLike: notTold,
  Multinomial: notTold,
  Bernoulli: notTold,
  TopK: indices(1),
  Unique: indices(1),
  MaxPool: indices(1),
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
  QLinearMatMul: 7,
  QLinearConv: 7,
  'com.microsoft:GatherBlockQuantized': 2,
  'com.microsoft:EmbedLayerNormalization': (node, output, typeOf) => (output === 1 ? 'int32' : typeOf(node.inputs[2] ?? '')),
  'com.microsoft:QEmbedLayerNormalization': (_node, output) => (output === 1 ? 'int32' : 'float32'),
  'com.microsoft:QAttention': 3,
  'com.microsoft:MatMulIntegerToFloat': 2,
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
    const rule = RULES[operatorOf(node)] ?? (KNOWN_DOMAINS.has(node.domain) ? 0 : notTold)
    if (typeof rule === 'string') return rule
    if (typeof rule === 'function') return rule(node, node.outputs.indexOf(current), (value) => inferElementType(graph, value))
    const next = node.inputs[rule]
    if (next === undefined || next === '') return null
    current = next
  }
}
