// A constant in another shape is the same bytes: its users take a second constant that is a view of them. Files with 4-bit weights
// reshape the output head's weight into the table that tokens are looked up in.

import { sizeOf } from '#tensor/tensor'
import { numbersOf } from '../ir/constant.ts'
import { intAttribute, operatorOf } from '../ir/graph.ts'
import { type Rule, singlePass } from '../rewrite/rewrite.ts'

const reshapeConstant: Rule = (node, index) => {
  const [source = '', shape = ''] = node.inputs
  const [output = ''] = node.outputs
  const [constant, wanted] = [index.initializer(source), index.initializer(shape)]
  if (operatorOf(node) !== 'Reshape' || constant === undefined || wanted === undefined || index.isOutput(output)) return null
  const dims = reshaped(constant.dims, Array.from(numbersOf(wanted) ?? []), intAttribute(node, 'allowzero', 0) === 0)
  if (dims === null || constant.storage.kind !== 'bytes') return null
  const { elementType, storage } = constant
  return { initializers: [{ name: output, elementType, dims, storage }], change: `${output} is the constant ${source} in another shape` }
}

/** The shape that a wanted one stands for: 0 copies a length, -1 takes the rest; null where the sizes do not fit. */
function reshaped(from: readonly number[], wanted: readonly number[], zeroCopies: boolean): readonly number[] | null {
  const lengths = wanted.map((length, axis) => (length === 0 && zeroCopies ? from[axis] : length))
  const copied = lengths.filter((length) => length !== undefined)
  if (copied.length !== lengths.length) return null
  const rest = sizeOf(from) / sizeOf(copied.filter((length) => length !== -1))
  const dims = copied.map((length) => (length === -1 ? rest : length))
  return dims.every(Number.isInteger) && sizeOf(dims) === sizeOf(from) ? dims : null
}

export const reshapeConstants = singlePass('reshape-constants', reshapeConstant)
