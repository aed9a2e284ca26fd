// Norms over the hidden axis with what is fused to them: residual sums, biases, embeddings.

import { type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import type { Emitter, RealType } from '../rewrite/emitter.ts'
import { floatAttribute, inputOf, type Lowerings, optionalInput } from './lowering.ts'

interface Norm {
  readonly value: string
  readonly type: RealType
  readonly scale: string
  readonly scaleType: RealType
  readonly epsilon: number
  /** The last axes that are normalised over, counted from the back. */
  readonly axes: readonly number[]
}

/** value / sqrt(mean(value^2) + epsilon) x scale, sums in float32 (Zhang and Sennrich, "Root mean square layer normalization", 2019). */
export function rootMeanSquareNorm({ value, type, scale, scaleType, epsilon, axes }: Norm, to: Emitter): string {
  const inner = type === 'float64' ? type : 'float32'
  const x = to.cast(value, type, inner)
  const mean = to.mean(to.op('Mul', [x, x]), axes)
  const root = to.op('Sqrt', [to.op('Add', [mean, to.real(inner, [epsilon])])])
  return to.op('Mul', [to.cast(to.op('Div', [x, root]), inner, scaleType), scale])
}

/** RMSNormalization of ai.onnx and its forerunner in onnxruntime: x, scale -> y. */
function plainNorm(node: GraphNode, to: Emitter): readonly string[] {
  const [value, scale] = [inputOf(node, 0, to), inputOf(node, 1, to)]
  const first = intAttribute(node, 'axis', -1)
  const rank = first === -1 ? 1 : to.rank(value, 'input 0')
  const count = first < 0 ? -first : rank - first
  if (!(count >= 1 && count <= rank)) to.refuse('axis')
  const axes = Array.from({ length: count }, (_, place) => place - count)
  const [type, scaleType] = [to.realType(value), to.realType(scale)]
  return [rootMeanSquareNorm({ value, type, scale, scaleType, epsilon: floatAttribute(node, 'epsilon', 1e-5), axes }, to)]
}

const WEIGHT_PRODUCTS: ReadonlySet<string> = new Set([
  'MatMul',
  'Gemm',
  'com.microsoft:FusedMatMul',
  'com.microsoft:MatMulNBits',
  'com.microsoft:MatMulBnb4',
])

/** input + skip + bias. The bias belongs to the linear layer that one of the two comes from, so it is added there. */
function residualSum(node: GraphNode, bias: string | null, to: Emitter): string {
  const [input, skip] = [inputOf(node, 0, to), inputOf(node, 1, to)]
  if (bias === null) return to.op('Add', [input, skip])
  const producer = to.index.producer(skip)
  const skipIsBranch = producer !== undefined && WEIGHT_PRODUCTS.has(operatorOf(producer))
  return skipIsBranch ? to.op('Add', [input, to.op('Add', [skip, bias])]) : to.op('Add', [to.op('Add', [input, bias]), skip])
}

/** input, skip [.., d], gamma, beta?, bias? [d] -> norm, mean, inverse deviation (both not computed), sum [.., d]. */
function skipLayerNorm(node: GraphNode, to: Emitter): readonly (string | null)[] {
  const sum = residualSum(node, optionalInput(node, 4), to)
  return [layerNorm(sum, inputOf(node, 2, to), optionalInput(node, 3), floatAttribute(node, 'epsilon', 1e-12), to), null, null, sum]
}

function layerNorm(value: string, gamma: string, beta: string | null, epsilon: number, to: Emitter): string {
  const inputs = beta === null ? [value, gamma] : [value, gamma, beta]
  return to.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } })
}

/** input, skip [.., d], gamma, bias? [d] -> norm, mean, inverse deviation (both not computed), sum [.., d]. */
function skipRootMeanSquareNorm(node: GraphNode, to: Emitter): readonly (string | null)[] {
  const value = residualSum(node, optionalInput(node, 3), to)
  const [type, scale] = [to.realType(inputOf(node, 0, to)), inputOf(node, 2, to)]
  const norm = { value, type, scale, scaleType: type, epsilon: floatAttribute(node, 'epsilon', 1e-12), axes: [-1] }
  return [rootMeanSquareNorm(norm, to), null, null, value]
}

/**
 * ids, segments? [B,T], word [V,d], position [P,d], segment? [S,d], gamma, beta [d], mask? [B,T], positions? [B,T]
 * -> norm [B,T,d], count of ones in each mask [B], sum [B,T,d].
 */
function embeddingNorm(node: GraphNode, to: Emitter): readonly (string | null)[] {
  const ids = inputOf(node, 0, to)
  const [segments, segmentTable] = [optionalInput(node, 1), optionalInput(node, 4)]
  const words = to.op('Gather', [inputOf(node, 2, to), ids])
  const placed = to.op('Add', [words, positionRows(node, to)])
  const sum = segments === null || segmentTable === null ? placed : to.op('Add', [placed, to.op('Gather', [segmentTable, segments])])
  const norm = layerNorm(sum, inputOf(node, 5, to), optionalInput(node, 6), floatAttribute(node, 'epsilon', 1e-12), to)
  return [norm, maskCounts(node, to), sum]
}

/** Rows of the position table: at the positions given, else at 0, 1, 2 ... */
function positionRows(node: GraphNode, to: Emitter): string {
  const [table, positions] = [inputOf(node, 3, to), optionalInput(node, 8)]
  if (positions !== null) return to.op('Gather', [table, positions])
  const length = to.reshape(to.length(inputOf(node, 0, to), 1), [1])
  return to.op('Slice', [table, to.ints([0]), length, to.ints([0])])
}

/** null where nothing uses them. */
function maskCounts(node: GraphNode, to: Emitter): string | null {
  const [output = '', mask] = [node.outputs[1], optionalInput(node, 7)]
  if (output === '' || to.index.consumers(output).length === 0) return null
  if (mask === null) return to.refuse('output 1 without a mask')
  return to.op('ReduceSum', [mask, to.ints([1])], { keepdims: 0 })
}

export const normLowerings: Lowerings = {
  RMSNormalization: plainNorm,
  SimplifiedLayerNormalization: plainNorm,
  'com.microsoft:SkipLayerNormalization': skipLayerNorm,
  'com.microsoft:SkipSimplifiedLayerNormalization': skipRootMeanSquareNorm,
  'com.microsoft:EmbedLayerNormalization': embeddingNorm,
}
