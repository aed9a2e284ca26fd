import { describe, expect, it } from 'vitest'
import { indexGraph } from '../ir/graph-index.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { ModelBuilder } from '../testing/build.ts'
import { isByToken } from './by-token.ts'

const WIDTH = 4
type Build = (b: ModelBuilder, x: string, other: string) => string

const APART: readonly (readonly [string, Build])[] = [
  ['the value itself', (_, x) => x],
  ['a product with a matrix', (b, x) => b.op('MatMul', [x, b.float([WIDTH, 3])])],
  ['a product with a transposed matrix', (b, x) => b.op('MatMul', [x, b.op('Transpose', [b.float([3, WIDTH])], { perm: [1, 0] })])],
  ['a bias', (b, x) => b.op('Add', [b.float([WIDTH]), x])],
  ['a norm', (b, x) => b.op('LayerNormalization', [x, b.float([WIDTH]), b.float([WIDTH])], { axis: -1 })],
  ['a norm taken apart', (b, x) => b.op('Div', [x, b.op('Sqrt', [b.op('ReduceMean', [b.op('Mul', [x, x])], { axes: [-1] })])])],
  ['an activation and its gate', (b, x) => b.op('Mul', [x, b.op('Sigmoid', [b.op('MatMul', [x, b.float([WIDTH, WIDTH])])])])],
  ['a shape that is the same', (b, x) => b.op('Reshape', [x, b.op('Shape', [x])])],
  ['a shape with the tokens of the ids', (b, x) => b.op('Reshape', [x, lengths(b, 'ids')])],
]

const MIXED: readonly (readonly [string, Build])[] = [
  ['a choice of tokens', (b, x) => b.op('Gather', [x, b.int64([1], [0])], { axis: 1 })],
  ['the last token', (b, x) => b.op('Slice', [x, b.int64([1], [-1]), b.int64([1], [99]), b.int64([1], [1])])],
  ['a sum over earlier tokens', (b, x) => b.op('CumSum', [x, b.int64([], [1])])],
  ['a Softmax over tokens', (b, x) => b.op('Softmax', [x], { axis: 1 })],
  ['a mean over tokens', (b, x) => b.op('Sub', [x, b.op('ReduceMean', [x], { axes: [1] })])],
  ['a norm over tokens and width', (b, x) => b.op('LayerNormalization', [x, b.float([WIDTH])], { axis: 1 })],
  ['a constant for each token', (b, x) => b.op('Add', [x, b.float([3, 1])])],
  ['a product with a computed matrix', (b, x, other) => b.op('MatMul', [x, other])],
  ['another value', (b, x, other) => b.op('Add', [x, other])],
  ['a product from the left', (b, x) => b.op('MatMul', [b.float([3, 3]), x])],
  ['transposed rows', (b, x) => b.op('com.microsoft:FusedMatMul', [x, b.float([3, 3])], { transA: 1 })],
  ['another shape', (b, x) => b.op('Reshape', [x, b.int64([3], [0, 4, -1])])],
  ['constants alone', (b) => b.op('Add', [b.float([WIDTH]), b.float([WIDTH])])],
]

/** [-1, T, 4] */
function lengths(b: ModelBuilder, ids: string): string {
  const tokens = b.op('Unsqueeze', [b.op('Gather', [b.op('Shape', [ids]), b.int64([], [1])]), b.int64([1], [0])])
  return b.op('Concat', [b.int64([1], [-1]), tokens, b.int64([1], [WIDTH])], { axis: 0 })
}

function judged(build: Build): boolean {
  const b = new ModelBuilder()
  b.input('ids', 'int64', ['batch', 'tokens'])
  const x = b.input('x', 'float32', ['rows', 'places', WIDTH])
  const value = build(b, x, b.input('other', 'float32', ['rows', WIDTH, WIDTH]))
  b.output(value)
  const { graph } = b.model()
  const tokens = inferShapes(graph)('ids').dims?.[1] ?? null
  return isByToken(value, { source: x, tokens }, indexGraph(graph))
}

describe('a value is made token by token', () => {
  it.each(APART)('with %s', (_title, build) => expect(judged(build)).toBe(true))

  it.each(MIXED)('but not with %s', (_title, build) => expect(judged(build)).toBe(false))
})
