// The scores of chosen tokens are those that the whole head gives, however it is stored.

import { describe, expect, it } from 'vitest'
import { largestGap } from '#engine/testing/reference'
import { floats, runModel } from '#engine/testing/run-model'
import { findHead } from '#graph/recognise/output-head'
import { recogniseParts } from '#graph/recognise/parts'
import { type AttributeLike, ModelBuilder } from '#graph/testing/build'
import { tokenScores } from './token-scores.ts'

const [TOKENS, WIDTH, VOCABULARY] = [4, 32, 11]
const POSITIONS = [3, 0]
const CHOSEN = [10, 0, 7]

/** Bytes that are uneven and the same at every run. */
function bytes(b: ModelBuilder, name: string, elementType: 'uint8' | 'int8', dims: readonly number[], phase: number): string {
  const count = dims.reduce((product, size) => product * size, 1)
  return b.constant({
    name,
    elementType,
    dims,
    storage: { kind: 'bytes', bytes: Uint8Array.from({ length: count }, (_, at) => (at * 73 + phase) % 256) },
  })
}

function packed(b: ModelBuilder, hidden: string, bits: number, zeros: 'none' | 'packed' | 'real', blockSize = 16): string {
  const blocks = Math.ceil(WIDTH / blockSize)
  const points = {
    none: () => [],
    packed: () => [bytes(b, 'points', 'uint8', [VOCABULARY * Math.ceil((blocks * bits) / 8)], 9)],
    real: () => [b.float([VOCABULARY * blocks])],
  }
  const inputs = [
    hidden,
    bytes(b, 'packed', 'uint8', [VOCABULARY, blocks, (blockSize * bits) / 8], 3),
    b.float([VOCABULARY * blocks]),
    ...points[zeros](),
  ]
  return b.op('com.microsoft:MatMulNBits', inputs, { K: WIDTH, N: VOCABULARY, bits, block_size: blockSize })
}

function dequantised(b: ModelBuilder, dims: readonly [number, number], axis: number, scales: number): string {
  const scale = b.float(scales === 1 ? [] : [scales])
  const zero = bytes(b, 'zero', 'int8', scales === 1 ? [] : [scales], 1)
  return b.op('DequantizeLinear', [bytes(b, 'table', 'int8', dims, 7), scale, zero], { axis })
}

const real = (value: number): AttributeLike => ({ kind: 'float', value })

const heads: readonly (readonly [title: string, build: (b: ModelBuilder, hidden: string) => string])[] = [
  ['a matrix', (b, x) => b.op('MatMul', [x, b.float([WIDTH, VOCABULARY])])],
  ['the embedding table, transposed', (b, x) => b.op('MatMul', [x, b.op('Transpose', [b.float([VOCABULARY, WIDTH])], { perm: [1, 0] })])],
  ['a table in another type', (b, x) => b.op('MatMul', [x, b.op('Cast', [bytes(b, 'table', 'int8', [WIDTH, VOCABULARY], 5)], { to: 1 })])],
  ['a table with a scale for each token', (b, x) => b.op('MatMul', [x, dequantised(b, [WIDTH, VOCABULARY], 1, VOCABULARY)])],
  ['a table with a scale for each number', (b, x) => b.op('MatMul', [x, dequantised(b, [WIDTH, VOCABULARY], 0, WIDTH)])],
  [
    'a quantised table, transposed',
    (b, x) => b.op('MatMul', [x, b.op('Transpose', [dequantised(b, [VOCABULARY, WIDTH], 0, VOCABULARY)], { perm: [1, 0] })]),
  ],
  ['a table with one scale', (b, x) => b.op('MatMul', [x, dequantised(b, [WIDTH, VOCABULARY], 1, 1)])],
  ['a table that is computed', (b, x) => b.op('MatMul', [x, b.op('Add', [b.float([WIDTH, VOCABULARY]), b.float([VOCABULARY])])])],
  ['8 bits', (b, x) => packed(b, x, 8, 'none')],
  ['8 bits with zero points', (b, x) => packed(b, x, 8, 'packed')],
  ['4 bits', (b, x) => packed(b, x, 4, 'none')],
  ['4 bits with zero points', (b, x) => packed(b, x, 4, 'packed')],
  ['4 bits with zero points that are real numbers', (b, x) => packed(b, x, 4, 'real')],
  ['4 bits with a row of one block', (b, x) => packed(b, x, 4, 'packed', 32)],
  ['a bias', (b, x) => b.op('Add', [b.op('MatMul', [x, b.float([WIDTH, VOCABULARY])]), b.float([VOCABULARY])])],
  [
    'a scale and a cap',
    (b, x) => {
      const scores = b.op('Div', [b.op('MatMul', [x, b.float([WIDTH, VOCABULARY])]), b.float([1, 1, 1], [3])])
      return b.op('Mul', [b.float([], [3]), b.op('Tanh', [scores])])
    },
  ],
  ['limits', (b, x) => b.op('Clip', [b.op('MatMul', [x, b.float([WIDTH, VOCABULARY])]), b.float([], [-0.5]), b.float([], [1])])],
]

function headed(build: (b: ModelBuilder, hidden: string) => string) {
  const b = new ModelBuilder()
  const hidden = b.input('hidden', 'float32', ['batch', 'tokens', WIDTH])
  const answer = b.output(build(b, hidden))
  const model = b.model({ '': 21, 'com.microsoft': 1 })
  const parts = { ...recogniseParts(model.graph, answer), head: findHead(model.graph, answer) }
  return { model, answer, chosen: tokenScores(model.graph, answer, null).apply(model, parts) }
}

describe('scores of chosen tokens', () => {
  it.each(heads)('are those of a head with %s', async (_, build) => {
    const { model, answer, chosen } = headed(build)
    if (chosen === null) throw new Error('not seen through')
    const outputs = [...model.graph.outputs, { name: chosen.scores, elementType: 'float32' as const, dims: null }]
    const results = await runModel(
      { ...chosen.model, graph: { ...chosen.model.graph, outputs } },
      {
        hidden: floats([2, TOKENS, WIDTH]),
        [chosen.positions]: { dims: [2], data: BigInt64Array.from(POSITIONS, BigInt) },
        [chosen.ports.tokens.name]: { dims: [3], data: BigInt64Array.from(CHOSEN, BigInt) },
      },
    )
    const whole = results[answer]?.data ?? new Float32Array()
    const expected = [0, 1].flatMap((row) =>
      POSITIONS.flatMap((position) => CHOSEN.map((token) => whole[(row * TOKENS + position) * VOCABULARY + token] ?? Number.NaN)),
    )
    expect(results[chosen.scores]?.dims).toEqual([2, 2, 3])
    const size = Math.max(...expected.map(Math.abs))
    expect(largestGap(results[chosen.scores]?.data ?? [], expected) / size).toBeLessThan(1e-5)
  })

  it.each([
    ['of two bits', (b: ModelBuilder, x: string) => packed(b, x, 2, 'none')],
    [
      'behind a norm of the scores',
      (b: ModelBuilder, x: string) =>
        b.op('LayerNormalization', [b.op('MatMul', [x, b.float([WIDTH, VOCABULARY])]), b.float([VOCABULARY])], { epsilon: real(1e-5) }),
    ],
    [
      'that two products share',
      (b: ModelBuilder, x: string) =>
        b.op('Mul', [b.op('MatMul', [x, b.float([WIDTH, VOCABULARY])]), b.op('MatMul', [x, b.float([WIDTH, VOCABULARY])])]),
    ],
  ])('are not given for a head %s', (_, build) => {
    expect(headed(build).chosen).toBeNull()
  })
})
