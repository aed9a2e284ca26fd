// Products with transposes and factors fused to them.

import { type GraphNode, intAttribute } from '../ir/graph.ts'
import type { Emitter } from '../rewrite/emitter.ts'
import { floatAttribute, inputOf, type Lowerings } from './lowering.ts'

/** alpha A' B', where ' may swap the last two axes, or move the first behind the other batch axes. */
function fusedMatMul(node: GraphNode, to: Emitter): readonly string[] {
  const left = arranged(node, 0, 'A', to)
  const product = to.op('MatMul', [left, arranged(node, 1, 'B', to)])
  const alpha = floatAttribute(node, 'alpha', 1)
  return [alpha === 1 ? product : to.op('Mul', [product, to.real(to.realType(inputOf(node, 0, to)), [alpha])])]
}

function arranged(node: GraphNode, place: number, name: 'A' | 'B', to: Emitter): string {
  const value = inputOf(node, place, to)
  const swapped = intAttribute(node, `trans${name}`, 0) !== 0
  const moved = intAttribute(node, `transBatch${name}`, 0) !== 0
  if (!swapped && !moved) return value
  const rank = to.rank(value, `trans${name} of an input`)
  // A vector has no axes to swap.
  if (rank < 2) return value
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  const batch = axes.slice(0, -2)
  const [rows = 0, columns = 1] = axes.slice(-2)
  // With the batch moved, the axes are [rows, batch .., columns].
  const own = moved ? { batch: axes.slice(1, -1), rows: 0, columns } : { batch, rows, columns }
  return to.transpose(value, [...own.batch, ...(swapped ? [own.columns, own.rows] : [own.rows, own.columns])])
}

export const productLowerings: Lowerings = { 'com.microsoft:FusedMatMul': fusedMatMul, 'com.microsoft:TransposeMatMul': fusedMatMul }
