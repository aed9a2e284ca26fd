// Products whose left operand is rounded to 8 bits at every run become products with the dequantised weight: the rounding of the
// activations goes (and with it its error), the rounding of the weights stays. Such products run on WebGPU and have a gradient.

import { type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { type Pass, type Replacement, type Rule, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'

/** A quantised weight: value, scale, and zero point ('' for none), all constants. */
interface Packed {
  readonly weight: string
  readonly scale: string
  readonly zero: string
}

type Lowering = (node: GraphNode, index: GraphIndex) => Replacement | null

/** By the operator that gives the float result; a MatMulInteger is found from the Mul that scales it. */
const LOWERINGS: ReadonlyMap<string, Lowering> = new Map<string, Lowering>([
  ['Mul', (node, index) => scaledProduct(node, index)],
  ['com.microsoft:DynamicQuantizeMatMul', (node, index) => fusedProduct(node, index)],
  ['com.microsoft:MatMulIntegerToFloat', (node, index) => fusedProduct(node, index)],
  ['com.microsoft:QAttention', (node, index) => fusedAttention(node, index)],
  ['com.microsoft:QEmbedLayerNormalization', (node, index) => fusedEmbedding(node, index)],
  ['DequantizeLinear', (node, index) => roundedActivation(node, index)],
])

/**
 * As `operatorOf` names them.
 * @internal for docs/support.md
 */
export const LOWERED_Q8_OPERATORS: readonly string[] = [
  'MatMulInteger',
  ...Array.from(LOWERINGS.keys()).filter((operator) => operator.includes(':')),
]

const lower: Rule = (node, index) => LOWERINGS.get(operatorOf(node))?.(node, index) ?? null

export const lowerDynamicQ8: Pass = {
  name: 'lower-dynamic-q8',
  run(model) {
    const { graph, changes } = rewriteOnce(model.graph, lower)
    const change = `${changes.length} products with 8-bit weights no longer round their activations`
    return withGraph(model, { graph, changes: changes.length === 0 ? [] : [change] })
  },
}

/** Mul(Cast(MatMulInteger(xq, W, xzero, wzero)), Mul(xscale, wscale)), with xq, xscale, xzero = DynamicQuantizeLinear(x). */
function scaledProduct(node: GraphNode, index: GraphIndex): Replacement | null {
  const [left = '', right = ''] = node.inputs
  for (const [value, scales] of [[left, right] as const, [right, left] as const]) {
    const cast = index.producer(value)
    const product = cast !== undefined && operatorOf(cast) === 'Cast' ? index.producer(cast.inputs[0] ?? '') : undefined
    if (product === undefined || operatorOf(product) !== 'MatMulInteger') continue
    const [quantised = '', weight = '', , zero = ''] = product.inputs
    const source = quantisedSource(quantised, index) ?? openedBefore(quantised, product, index)
    const scale = source === null ? null : otherScale(scales, source.scale, index)
    if (source === null || scale === null) continue
    return productWith(node, source.value, { weight, scale, zero }, index)
  }
  return null
}

/** What was rounded, and the scale it was rounded with. */
function quantisedSource(quantised: string, index: GraphIndex): { readonly value: string; readonly scale: string } | null {
  const node = index.producer(quantised)
  if (node === undefined || operatorOf(node) !== 'DynamicQuantizeLinear' || node.outputs[0] !== quantised) return null
  return { value: node.inputs[0] ?? '', scale: node.outputs[1] ?? '' }
}

/** Rows of a quantised table that go into a product as they are: the same rows as real numbers, where something else needs them too. */
function openedBefore(quantised: string, product: GraphNode, index: GraphIndex): ReturnType<typeof quantisedSource> {
  const opened = index.consumers(quantised).find((node) => {
    const isOpened = operatorOf(node) === 'DequantizeLinear' && node.inputs[0] === quantised && !intAttribute(node, 'block_size', 0)
    return isOpened && (node.inputs[2] ?? '') === (product.inputs[2] ?? '') && index.position(node) < index.position(product)
  })
  return opened === undefined ? null : { value: opened.outputs[0] ?? '', scale: opened.inputs[1] ?? '' }
}

/** The other factor of a product of two scales. */
function otherScale(scales: string, known: string, index: GraphIndex): string | null {
  const node = index.producer(scales)
  if (node === undefined || operatorOf(node) !== 'Mul' || !node.inputs.includes(known)) return null
  return node.inputs.find((input) => input !== known) ?? null
}

/** DynamicQuantizeMatMul(x, W, scale, zero, bias); MatMulIntegerToFloat(xq, W, xscale, scale, xzero, zero, bias). */
function fusedProduct(node: GraphNode, index: GraphIndex): Replacement | null {
  const { inputs } = node
  if (operatorOf(node) === 'com.microsoft:DynamicQuantizeMatMul') {
    const [value = '', weight = '', scale = '', zero = '', bias = ''] = inputs
    return productWith(node, value, { weight, scale, zero }, index, bias)
  }
  const [quantised = '', weight = '', , scale = '', , zero = '', bias = ''] = inputs
  const source = quantisedSource(quantised, index)
  return source === null ? null : productWith(node, source.value, { weight, scale, zero }, index, bias)
}

function productWith(node: GraphNode, value: string, packed: Packed, index: GraphIndex, bias = ''): Replacement | null {
  const output = node.outputs[0] ?? ''
  const dequantise = dequantiseNode(packed, `${output}_weight`, index)
  if (dequantise === null) return null
  const product = bias === '' ? output : `${output}_product`
  const nodes: GraphNode[] = [dequantise, plain('MatMul', [value, `${output}_weight`], product)]
  if (bias !== '') nodes.push(plain('Add', [product, bias], output))
  return { nodes, change: output }
}

/** QAttention(xq, W, bias, xscale, wscale, mask, xzero, wzero, past) -> Attention(x, dequantised W, bias, mask, past). */
function fusedAttention(node: GraphNode, index: GraphIndex): Replacement | null {
  const [quantised = '', weight = '', bias = '', , scale = '', mask = '', , zero = '', past = ''] = node.inputs
  const output = node.outputs[0] ?? ''
  const source = quantisedSource(quantised, index)
  const dequantise = dequantiseNode({ weight, scale, zero }, `${output}_weight`, index)
  if (source === null || dequantise === null) return null
  const inputs = [source.value, `${output}_weight`, bias, mask, past]
  while (inputs.at(-1) === '') inputs.pop()
  return { nodes: [dequantise, { ...node, opType: 'Attention', inputs }], change: output }
}

/** QEmbedLayerNormalization(ids, types, 5 weights, mask, 5 scales, 5 zero points) -> EmbedLayerNormalization on dequantised weights. */
function fusedEmbedding(node: GraphNode, index: GraphIndex): Replacement | null {
  const output = node.outputs[0] ?? ''
  const place = (at: number): string => node.inputs[at] ?? ''
  const weights = [0, 1, 2, 3, 4].map((at) => {
    const packed = { weight: place(2 + at), scale: place(8 + at), zero: place(13 + at) }
    return packed.weight === '' ? null : dequantiseNode(packed, `${output}_weight_${at}`, index)
  })
  const made = weights.filter((weight) => weight !== null)
  // The third weight is of token types, which some models lack.
  if (weights.some((weight, at) => weight === null && at !== 2)) return null
  const inputs = [place(0), place(1), ...weights.map((weight) => weight?.outputs[0] ?? ''), place(7)]
  while (inputs.at(-1) === '') inputs.pop()
  return { nodes: [...made, { ...node, opType: 'EmbedLayerNormalization', inputs }], change: output }
}

/** DequantizeLinear(QuantizeLinear(x)) -> x: a statically quantised file rounds its activations between operators. */
function roundedActivation(node: GraphNode, index: GraphIndex): Replacement | null {
  const [quantised = '', ...parameters] = node.inputs
  const output = node.outputs[0] ?? ''
  const source = index.producer(quantised)
  if (source === undefined || operatorOf(source) !== 'QuantizeLinear' || index.isOutput(output)) return null
  const [value = '', ...same] = source.inputs
  if (index.initializer(value) !== undefined || same.join() !== parameters.join()) return null
  return { renamed: new Map([[output, value]]), change: output }
}

/** Folded later where memory allows. Scales of columns are along the last axis of [.., K, N]. */
function dequantiseNode({ weight, scale, zero }: Packed, output: string, index: GraphIndex): GraphNode | null {
  const constant = index.initializer(weight)
  const scales = index.initializer(scale)
  const zeros = index.initializer(zero)
  if (constant === undefined || scales === undefined || (zero !== '' && zeros === undefined)) return null
  const attributes = new Map([['axis', { kind: 'int', value: BigInt(constant.dims.length - 1) } as const]])
  return {
    name: '',
    opType: 'DequantizeLinear',
    domain: '',
    inputs: zero === '' ? [weight, scale] : [weight, scale, zero],
    outputs: [output],
    attributes,
  }
}

function plain(opType: string, inputs: readonly string[], output: string): GraphNode {
  return { name: '', opType, domain: '', inputs, outputs: [output], attributes: new Map() }
}
