import { describe, expect, it } from 'vitest'
import { ModelBuilder } from '../testing/build.ts'
import { inferShapes } from './infer-shapes.ts'
import { product, quotient, Symbols } from './symbols.ts'

type Build = (builder: ModelBuilder, x: string) => string

function factsOf(make: Build) {
  const builder = new ModelBuilder()
  const value = make(builder, builder.input('x', 'float32', ['batch', 'tokens', 12]))
  const facts = inferShapes(builder.model().graph)
  const [batch, tokens] = facts('x').dims ?? []
  return { ...facts(value), batch, tokens }
}

const letters = (value: string) => ({ equation: { kind: 'string', value } as const })
const shapeAt = (b: ModelBuilder, x: string, place: number) => b.op('Gather', [b.op('Shape', [x]), b.int64([1], [place])])

describe('inferShapes', () => {
  it('does not follow shapes of damaged files into the memory that they claim', () => {
    const { dims } = factsOf((b, x) => b.op('Reshape', [x, b.op('ConstantOfShape', [b.int64([1], [2 ** 40])])]))
    expect(dims).toBeNull()
    const uneven = factsOf((b, x) => b.op('com.microsoft:GroupQueryAttention', [x], { num_heads: 3, kv_num_heads: 1 }))
    expect(uneven.dims?.map((size) => typeof size)).toEqual(['string', 'string', 'string'])
    const squared = factsOf((b, x) => {
      let size = shapeAt(b, x, 1)
      for (let round = 0; round < 40; round++) size = b.op('Mul', [size, size])
      return b.op('ConstantOfShape', [size])
    })
    expect(squared.dims).toHaveLength(1)
  })

  it.each<readonly [string, Build]>([
    ['a transposition by axes that are not there', (b, x) => b.op('Transpose', [x], { perm: [0, 5, 1] })],
    ['axes added behind the last one', (b, x) => b.op('Unsqueeze', [x, b.int64([1], [9])])],
    ['parts of several ranks joined', (b, x) => b.op('Concat', [x, b.float([3])], { axis: 1 })],
    ['parts along an axis that is not there', (b, x) => b.op('Split', [x], { axis: 4, num_outputs: 1 })],
  ])('knows nothing of %s', (_title, make) => {
    expect(factsOf(make).dims).toBeNull()
  })

  it.each<readonly [string, Build, readonly (number | 'batch' | 'tokens' | '?')[]]>([
    ['a product', (b, x) => b.op('MatMul', [x, b.float([12, 5])]), ['batch', 'tokens', 5]],
    ['scores', (b, x) => b.op('MatMul', [x, b.op('Transpose', [x], { perm: [0, 2, 1] })]), ['batch', 'tokens', 'tokens']],
    ['heads', (b, x) => b.op('Reshape', [x, b.int64([4], [0, 0, 3, -1])]), ['batch', 'tokens', 3, 4]],
    [
      'heads by a computed shape',
      (b, x) => b.op('Reshape', [x, b.op('Concat', [shapeAt(b, x, 0), b.int64([2], [-1, 3]), b.int64([1], [4])], { axis: 0 })]),
      ['batch', 'tokens', 3, 4],
    ],
    ['a mask', (b, x) => b.op('Add', [x, b.op('Unsqueeze', [b.float([12]), b.int64([2], [0, 1])])]), ['batch', 'tokens', 12]],
    ['a sum over an axis', (b, x) => b.op('ReduceSum', [x, b.int64([1], [-1])], { keepdims: 0 }), ['batch', 'tokens']],
    ['a slice of a known axis', (b, x) => b.op('Slice', [x, ...[1, -1, -1, 2].map((n) => b.int64([1], [n]))]), ['batch', 'tokens', 5]],
    ['a slice of an open axis', (b, x) => b.op('Slice', [x, ...[0, 3, 1].map((n) => b.int64([1], [n]))]), ['batch', '?', 12]],
    ['rows of a table', (b) => b.op('Gather', [b.float([9, 7]), b.input('ids', 'int64', ['batch', 'tokens'])]), ['batch', 'tokens', 7]],
    ['an expansion', (b, x) => b.op('Expand', [b.float([1, 1, 12]), b.op('Shape', [x])]), ['batch', 'tokens', 12]],
    ['an outer product by letters', (b, x) => b.op('Einsum', [x, b.float([7])], letters('btd, n -> ntb')), [7, 'tokens', 'batch']],
    ['a slice backwards', (b, x) => b.op('Slice', [x, ...[-1, -9, -1, -3].map((n) => b.int64([1], [n]))]), ['batch', 'tokens', 3]],
    [
      'a slice of more than there can be',
      (b) => b.op('Slice', [b.op('ConstantOfShape', [b.int64([1], [2 ** 40])]), ...[1, 2 ** 40, 0, 3].map((n) => b.int64([1], [n]))]),
      [Math.ceil((2 ** 40 - 1) / 3)],
    ],
    ['letters without an arrow', (b, x) => b.op('Einsum', [x, b.float([12, 5])], letters('bzd,da')), [5, 'batch', 'tokens']],
    ['letters behind an ellipsis', (b, x) => b.op('Einsum', [x, b.float([5, 12])], letters('...d,ed->...e')), ['batch', 'tokens', 5]],
    ['positions', (b, x) => b.op('Range', [b.int64([], [0]), b.op('Squeeze', [shapeAt(b, x, 1)]), b.int64([], [1])]), ['tokens']],
  ])('follows %s', (_title, make, expected) => {
    const { dims, batch, tokens } = factsOf(make)
    const named = dims?.map((size) => (size === batch ? 'batch' : size === tokens ? 'tokens' : typeof size === 'number' ? size : '?'))
    expect(named).toEqual(expected)
  })

  it.each<readonly [string, Build, readonly number[] | null]>([
    ['a part of a shape', (b, x) => shapeAt(b, x, 2), [12]],
    ['division of lengths, towards zero', (b, x) => b.op('Div', [shapeAt(b, x, 2), b.int64([1], [5])]), [2]],
    ['a quotient that is not known', (b, x) => b.op('Div', [shapeAt(b, x, 1), b.int64([1], [5])]), null],
    ['equal lengths', (b, x) => b.op('Equal', [shapeAt(b, b.op('Tanh', [x]), 1), shapeAt(b, x, 1)]), [1]],
    ['lengths that may be equal', (b, x) => b.op('Equal', [shapeAt(b, x, 0), shapeAt(b, x, 1)]), null],
    ['a length against a negative number', (b, x) => b.op('Equal', [shapeAt(b, x, 0), b.int64([1], [-1])]), [0]],
    [
      'a choice by a known condition',
      (b, x) => b.op('Where', [b.op('Less', [b.int64([1], [1]), b.int64([1], [2])]), shapeAt(b, x, 2), shapeAt(b, x, 0)]),
      [12],
    ],
    ['a root', (b, x) => b.op('Sqrt', [b.op('Cast', [shapeAt(b, x, 2)], { to: 1 })]), [Math.fround(Math.sqrt(12))]],
    ['a real quotient', (b, x) => b.op('Div', [b.op('Cast', [shapeAt(b, x, 2)], { to: 1 }), b.float([1], [5])]), [Math.fround(12 / 5)]],
    ['rows and columns', (b) => b.op('Add', [b.int64([2, 1], [10, 20]), b.int64([1, 2], [1, 2])]), [11, 12, 21, 22]],
    [
      'a product of lengths',
      (b, x) => b.op('ReduceProd', [b.op('Slice', [b.op('Shape', [x]), b.int64([1], [2]), b.int64([1], [3])])]),
      [12],
    ],
  ])('computes %s', (_title, make, expected) => {
    const { elements } = factsOf(make)
    expect(elements?.every((element) => typeof element === 'number') === true ? elements : null).toEqual(expected)
  })

  it('does not mistake a whole quotient for a real one', () => {
    const builder = new ModelBuilder()
    const length = shapeAt(builder, builder.input('x', 'float32', ['n']), 0)
    const whole = builder.op('Div', [length, builder.int64([1], [4])])
    const real = builder.op('Div', [builder.op('Cast', [length], { to: 1 }), builder.float([1], [4])])
    const facts = inferShapes(builder.model().graph)
    expect(facts(whole).elements).not.toEqual(facts(real).elements)
  })
})

describe('symbols', () => {
  const symbols = new Symbols()
  const [a, b] = [symbols.size('a'), symbols.size('b')]

  it('multiply and divide in any order', () => {
    expect(product([a, 4, b])).toBe(product([b, product([2, a]), 2]))
    expect(quotient(product([a, b, 12]), product([b, 3]))).toBe(product([4, a]))
    expect(quotient(product([a, 12]), b)).toBeNull()
    expect(quotient(product([a, 3]), 2)).toBeNull()
  })

  it('are the same for the same computation', () => {
    expect(symbols.sum(a, b)).toBe(symbols.sum(b, a))
    expect(symbols.sum(a, 0)).toBe(a)
    expect(symbols.isSize(product([a, symbols.sum(a, b)]))).toBe(true)
    expect(symbols.isSize(symbols.result('Neg', [a]))).toBe(false)
  })
})
