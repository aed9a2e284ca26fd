// Shapes of results of fused operators: lowering them needs the ranks and widths of what they take from each other.

import { intAttribute, intsAttribute } from '../ir/graph.ts'
import type { RuleContext, ShapeRule } from './facts.ts'
import type { Size } from './symbols.ts'

/** The dimensions of the input at a place with another last one. */
function withWidth(scene: RuleContext, place: number, width: Size | undefined): readonly Size[] | null {
  const { dims } = scene.input(place)
  return dims === null ? null : [...dims.slice(0, -1), width ?? scene.unnamed(0, dims.length - 1)]
}

/** Norms of a residual sum: the norm, two statistics that no file uses, the sum. */
const residualNorm: ShapeRule = (scene, output) => (output === 0 || output === 3 ? (scene.input(0).dims ?? scene.input(1).dims) : null)

/** The norm, the count of real tokens in each row, the sum. */
const embeddingNorm: ShapeRule = (scene, output) => {
  const { dims } = scene.input(0)
  if (dims === null) return null
  return output === 1 ? dims.slice(0, 1) : [...dims, scene.input(2).dims?.at(-1) ?? scene.unnamed(output, dims.length)]
}

const packedAttention: ShapeRule = (scene, output) => {
  const joined = scene.input(1).dims?.at(-1)
  const width = intsAttribute(scene.node, 'qkv_hidden_sizes')?.[2] ?? (typeof joined === 'number' ? joined / 3 : undefined)
  return output === 0 ? withWidth(scene, 0, width) : null
}

/** [B,T,v], also from queries [B,T,N,3,H]. */
const multiHeadAttention: ShapeRule = (scene, output) => {
  const query = scene.input(0).dims
  const value = scene.input(2).dims
  if (output !== 0 || query === null) return null
  return [...query.slice(0, 2), (value?.length === 3 ? value[2] : undefined) ?? scene.unnamed(0, 2)]
}

/** [B,T,N*H]: as wide as the queries, which may come joined with keys and values. */
const groupQueryAttention: ShapeRule = (scene, output) => {
  if (output !== 0) return null
  const width = scene.input(0).dims?.at(-1)
  if ((scene.node.inputs[1] ?? '') !== '' || typeof width !== 'number') return withWidth(scene, 0, width)
  const heads = intAttribute(scene.node, 'num_heads', 0)
  return withWidth(scene, 0, (width / (heads + 2 * intAttribute(scene.node, 'kv_num_heads', 0))) * heads)
}

/** Like the queries; the width is that of the values. */
const standardAttention: ShapeRule = (scene, output) => {
  if (output !== 0) return null
  const value = scene.input(2).dims?.at(-1)
  if (scene.input(0).dims?.length === 4) return withWidth(scene, 0, value)
  const repeats = intAttribute(scene.node, 'q_num_heads', 0) / intAttribute(scene.node, 'kv_num_heads', 1)
  return withWidth(scene, 0, typeof value === 'number' ? value * repeats : undefined)
}

const fusedMatMul: ShapeRule = (scene) => {
  const [left, right] = [scene.input(0).dims, scene.input(1).dims]
  if (left === null || right === null) return null
  const rank = Math.max(left.length, right.length)
  const longer = left.length === rank ? left : right
  const kept = intAttribute(scene.node, 'transBatchA', 0) + intAttribute(scene.node, 'transBatchB', 0) === 0
  const batch = longer.slice(0, -2).map((size, axis) => (kept && typeof size === 'number' && size !== 1 ? size : scene.unnamed(0, axis)))
  const rows = left.at(intAttribute(scene.node, 'transA', 0) === 0 ? -2 : -1)
  const columns = right.at(intAttribute(scene.node, 'transB', 0) === 0 ? -1 : -2)
  return [...batch, kept && rows !== undefined ? rows : scene.unnamed(0, rank - 2), columns ?? scene.unnamed(0, rank - 1)]
}

export const FUSED_SHAPE_RULES: ReadonlyMap<string, ShapeRule> = new Map<string, ShapeRule>([
  ['com.microsoft:SkipLayerNormalization', residualNorm],
  ['com.microsoft:SkipSimplifiedLayerNormalization', residualNorm],
  ['com.microsoft:EmbedLayerNormalization', embeddingNorm],
  ['com.microsoft:Attention', packedAttention],
  ['com.microsoft:MultiHeadAttention', multiHeadAttention],
  ['com.microsoft:GroupQueryAttention', groupQueryAttention],
  ['com.microsoft:RotaryEmbedding', (scene) => scene.input(0).dims],
  ['com.microsoft:FusedMatMul', fusedMatMul],
  ['Attention', standardAttention],
])
