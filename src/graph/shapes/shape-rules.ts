// Shapes of results from shapes of operands: a row for each operator; one without a row has a result of unknown shape.

import { intAttribute } from '../ir/graph.ts'
import { einsum } from './einsum-rule.ts'
import { axesOf, type Dims, openDims, placeOf, type RuleContext, type ShapeRule } from './facts.ts'
import { FUSED_SHAPE_RULES } from './fused-shape-rules.ts'
import { concat, flatten, gather, reshape, slice, slicedDims, split, squeeze, tile, transpose, unsqueeze } from './movement-rules.ts'
import type { Size } from './symbols.ts'

const same: ShapeRule = (scene, output) => (output === 0 ? scene.input(0).dims : null)

const broadcast: ShapeRule = (scene) => {
  let result: Dims = []
  for (const place of scene.node.inputs.keys()) {
    const { dims } = scene.input(place)
    if (dims === null) return null
    result = broadcastDims(scene, result, dims)
  }
  return result
}

function broadcastDims(scene: RuleContext, left: readonly Size[], right: readonly Size[]): readonly Size[] {
  const rank = Math.max(left.length, right.length)
  return Array.from({ length: rank }, (_, axis) => {
    const a = left.at(axis - rank) ?? 1
    const b = right.at(axis - rank) ?? 1
    if (a === b || b === 1) return a
    if (a === 1) return b
    // A number above 1 stands: the other must be equal to it, or 1.
    if (typeof a === 'number') return a
    return typeof b === 'number' ? b : scene.unnamed(0, axis)
  })
}

const matmul: ShapeRule = (scene) => {
  const left = scene.input(0).dims
  const right = scene.input(1).dims
  if (left === null || right === null || left.length < 2 || right.length < 2) return null
  return [...broadcastDims(scene, left.slice(0, -2), right.slice(0, -2)), left.at(-2) ?? 1, right.at(-1) ?? 1]
}

const gemm: ShapeRule = (scene) => {
  const left = scene.input(0).dims
  const right = scene.input(1).dims
  if (left?.length !== 2 || right?.length !== 2) return null
  const rows = left[intAttribute(scene.node, 'transA', 0)]
  const columns = right[1 - intAttribute(scene.node, 'transB', 0)]
  return rows === undefined || columns === undefined ? null : [rows, columns]
}

/** Products with a packed weight [N, K]: the last dimension becomes N. */
const packedProduct: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  const columns = intAttribute(scene.node, 'N', null)
  return dims === null || columns === null ? null : [...dims.slice(0, -1), columns]
}

const reduce: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  const axes = axesOf(scene)
  if (dims === null || axes === 'unknown') return null
  if (axes === null && intAttribute(scene.node, 'noop_with_empty_axes', 0) === 1) return dims
  return without(dims, axes ?? Array.from(dims.keys()), intAttribute(scene.node, 'keepdims', 1) === 1)
}

const reduceOne: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  return dims === null ? null : without(dims, [intAttribute(scene.node, 'axis', 0)], intAttribute(scene.node, 'keepdims', 1) === 1)
}

function without(dims: readonly Size[], axes: readonly number[], keep: boolean): readonly Size[] {
  const gone = new Set(axes.map((axis) => placeOf(axis, dims.length)))
  return keep ? dims.map((size, axis) => (gone.has(axis) ? 1 : size)) : dims.filter((_, axis) => !gone.has(axis))
}

const expand: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  const { elements, dims: shapeDims } = scene.input(1)
  if (dims === null) return null
  if (elements !== null) return broadcastDims(scene, dims, elements)
  const rank = shapeDims?.[0]
  return openDims(scene, typeof rank === 'number' ? Math.max(rank, dims.length) : rank)
}

const filled: ShapeRule = (scene) => {
  const { elements, dims } = scene.input(0)
  const rank = dims?.[0]
  if (elements !== null) return elements.map((size, axis) => (scene.symbols.isSize(size) ? size : scene.unnamed(0, axis)))
  return openDims(scene, rank)
}

const sameRank: ShapeRule = (scene, output) => scene.input(0).dims?.map((_, axis) => scene.unnamed(output, axis)) ?? null

const lookup: ShapeRule = (scene) => {
  const ids = scene.input(1).dims
  const width = scene.input(0).dims?.at(-1)
  return ids === null || width === undefined ? null : [...ids, scene.unnamed(0, ids.length)]
}

const range: ShapeRule = (scene) => {
  const [start, limit, delta] = [0, 1, 2].map((place) => scene.input(place).elements?.[0])
  if (start === 0 && delta === 1 && limit !== undefined && scene.symbols.isSize(limit)) return [limit]
  if (typeof start === 'number' && typeof limit === 'number' && typeof delta === 'number')
    return [Math.max(0, Math.ceil((limit - start) / delta))]
  return [scene.unnamed(0, 0)]
}

function rows(operators: readonly string[], rule: ShapeRule): readonly (readonly [string, ShapeRule])[] {
  return operators.map((operator) => [operator, rule])
}

const MICROSOFT_SAME = ['BiasGelu', 'FastGelu', 'Gelu', 'QuickGelu']

export const SHAPE_RULES: ReadonlyMap<string, ShapeRule> = new Map([
  ...rows(['Abs', 'Cast', 'CastLike', 'Ceil', 'Clip', 'Cos', 'CumSum', 'Dropout', 'Elu', 'Erf', 'Exp', 'Floor', 'Gelu'], same),
  ...rows(['HardSigmoid', 'HardSwish', 'Identity', 'IsInf', 'IsNaN', 'LayerNormalization', 'LeakyRelu', 'Log', 'LogSoftmax'], same),
  ...rows(['Mish', 'Neg', 'Not', 'RMSNormalization', 'Reciprocal', 'Relu', 'Round', 'ScatterElements', 'ScatterND', 'Selu'], same),
  ...rows(['Sigmoid', 'Sign', 'SimplifiedLayerNormalization', 'Sin', 'Softmax', 'Softplus', 'Sqrt', 'Swish', 'Tanh', 'Trilu'], same),
  ...rows(['DequantizeLinear', 'QuantizeLinear', 'RotaryEmbedding'], same),
  ...rows(
    MICROSOFT_SAME.map((operator) => `com.microsoft:${operator}`),
    same,
  ),
  ...rows(
    [
      'Add',
      'And',
      'BitShift',
      'BitwiseAnd',
      'BitwiseOr',
      'BitwiseXor',
      'Div',
      'Equal',
      'Greater',
      'GreaterOrEqual',
      'Less',
      'LessOrEqual',
      'Max',
      'Mean',
    ],
    broadcast,
  ),
  ...rows(['Min', 'Mod', 'Mul', 'Or', 'PRelu', 'Pow', 'Sub', 'Sum', 'Where', 'Xor'], broadcast),
  ...rows(['MatMul', 'MatMulInteger', 'com.microsoft:MatMulIntegerToFloat', 'com.microsoft:DynamicQuantizeMatMul'], matmul),
  ...rows(['com.microsoft:MatMulNBits', 'com.microsoft:MatMulBnb4'], packedProduct),
  ...rows(
    ['ReduceL1', 'ReduceL2', 'ReduceLogSumExp', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSum', 'ReduceSumSquare'],
    reduce,
  ),
  ...rows(['ArgMax', 'ArgMin'], reduceOne),
  ...rows(['Conv', 'ConvInteger', 'Pad', 'Resize', 'AveragePool', 'MaxPool', 'TopK'], sameRank),
  ...FUSED_SHAPE_RULES,
  ['DynamicQuantizeLinear', (scene, output) => (output === 0 ? scene.input(0).dims : [])],
  ['Gemm', gemm],
  ['Einsum', einsum],
  ['Gather', gather],
  ['com.microsoft:GatherBlockQuantized', lookup],
  ['GatherElements', (scene) => scene.input(1).dims],
  ['Transpose', transpose],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Unsqueeze', unsqueeze],
  ['Squeeze', squeeze],
  ['Concat', concat],
  ['Slice', slice],
  ['Split', split],
  ['Expand', expand],
  ['Tile', tile],
  ['ConstantOfShape', filled],
  ['Range', range],
  ['Shape', (scene) => [slicedDims(scene)?.length ?? scene.unnamed(0, 0)]],
  ['Size', () => []],
  ['NonZero', (scene) => [scene.input(0).dims?.length ?? scene.unnamed(0, 0), scene.unnamed(0, 1)]],
])
