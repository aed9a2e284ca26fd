// Matrix products, also with packed weights.

import type { ModelBuilder } from '#graph/testing/build'
import type { GradientCase } from './gradient-case.ts'

const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [3, 4],
    [4, 2],
  ],
  [
    [2, 3, 4],
    [4, 2],
  ],
  [
    [2, 1, 3, 4],
    [4, 2],
  ],
  [
    [2, 3, 4],
    [2, 4, 5],
  ],
  [
    [2, 3, 4],
    [1, 4, 2],
  ],
  [
    [1, 3, 4],
    [2, 4, 2],
  ],
  [
    [3, 4],
    [2, 4, 5],
  ],
  [
    [2, 3, 1, 4],
    [2, 1, 4, 5],
  ],
  [
    [1, 1, 1],
    [1, 1],
  ],
  [[4], [4, 2]],
  [[4], [2, 4, 3]],
  [[2, 3, 4], [4]],
  [[4], [4]],
]

const gemms: readonly (readonly [transA: number, transB: number])[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
]

const einsums: readonly (readonly [equation: string, ...inputs: (readonly number[])[]])[] = [
  ['bhid,bhjd->bhij', [2, 2, 3, 4], [2, 2, 5, 4]],
  ['bhij,bhjd->bihd', [2, 2, 3, 5], [2, 2, 5, 4]],
  ['ij,jk', [2, 3], [3, 4]],
  ['ij->ji', [2, 3]],
  ['ij->i', [2, 3]],
  ['i,j->ij', [2], [3]],
  ['ij,j,k->ik', [2, 3], [3], [2]],
]

export const productCases: readonly GradientCase[] = [
  ...shapes.map(
    ([left, right]): GradientCase => ({
      title: `MatMul of [${left}] and [${right}]`,
      inputs: [left, right],
      build: (b, x, y) => b.op('Tanh', [b.op('MatMul', [x, y])]),
    }),
  ),
  {
    title: 'MatMul with transposed operands',
    inputs: [
      [2, 4, 3],
      [2, 5, 4],
    ],
    build: (b, x, y) => b.op('MatMul', [b.op('Transpose', [x], { perm: [0, 2, 1] }), b.op('Transpose', [y], { perm: [0, 2, 1] })]),
  },
  {
    title: 'MatMul with the transpose of a matrix',
    inputs: [
      [2, 3, 4],
      [5, 4],
    ],
    build: (b, x, y) => b.op('MatMul', [x, b.op('Transpose', [y])]),
  },
  {
    title: 'MatMul with operands that a Transpose made in another order',
    inputs: [
      [2, 3, 2, 4],
      [2, 5, 2, 4],
    ],
    build: (b, x, y) => b.op('MatMul', [b.op('Transpose', [x], { perm: [0, 2, 1, 3] }), b.op('Transpose', [y], { perm: [0, 2, 3, 1] })]),
  },
  ...gemms.map(
    ([transA, transB]): GradientCase => ({
      title: `Gemm, transposed ${transA} ${transB}`,
      inputs: [transA ? [4, 3] : [3, 4], transB ? [2, 4] : [4, 2], [2]],
      build: (b, x, y, z) =>
        b.op('Tanh', [
          b.op('Gemm', [x, y, z], { transA, transB, alpha: { kind: 'float', value: 0.5 }, beta: { kind: 'float', value: 2 } }),
        ]),
    }),
  ),
  {
    title: 'Gemm without a bias',
    inputs: [
      [3, 4],
      [4, 2],
    ],
    build: (b, x, y) => b.op('Gemm', [x, y]),
  },
  ...einsums.map(
    ([equation, ...inputs]): GradientCase => ({
      title: `Einsum ${equation}`,
      inputs,
      build: (b, ...values) => b.op('Einsum', values.slice(0, inputs.length), { equation: { kind: 'string', value: equation } }),
    }),
  ),
]

interface Packing {
  readonly bits: 4 | 8
  readonly rows: number
  readonly columns: number
  readonly blockSize: number
  readonly zeros: boolean
}

/** x [.., K] -> [.., N] with a weight of uneven bytes. */
function packed(b: ModelBuilder, x: string, { bits, rows, columns, blockSize, zeros }: Packing): string {
  const blocks = Math.ceil(rows / blockSize)
  const bytesOf = (count: number, phase: number) => Uint8Array.from({ length: count }, (_, at) => (at * 73 + phase) % 256)
  const add = (name: string, dims: readonly number[], phase: number) => {
    const bytes = bytesOf(
      dims.reduce((product, size) => product * size, 1),
      phase,
    )
    return b.constant({ name, elementType: 'uint8', dims, storage: { kind: 'bytes', bytes } })
  }
  const weight = add('packed', [columns, blocks, (blockSize * bits) / 8], 5)
  const points = zeros ? [add('points', [columns * Math.ceil((blocks * bits) / 8)], 91)] : []
  const attributes = { K: rows, N: columns, bits, block_size: blockSize }
  return b.op('com.microsoft:MatMulNBits', [x, weight, b.float([columns * blocks]), ...points], attributes)
}

const packings: readonly Packing[] = [
  { bits: 4, rows: 32, columns: 3, blockSize: 16, zeros: false },
  { bits: 4, rows: 32, columns: 3, blockSize: 16, zeros: true },
  { bits: 4, rows: 48, columns: 3, blockSize: 16, zeros: true },
  { bits: 4, rows: 20, columns: 5, blockSize: 16, zeros: false },
  { bits: 8, rows: 32, columns: 3, blockSize: 16, zeros: false },
  { bits: 8, rows: 48, columns: 4, blockSize: 16, zeros: true },
]

export const quantisedCases: readonly GradientCase[] = packings.map((packing) => ({
  title: `MatMulNBits of ${packing.bits} bits, ${packing.rows} by ${packing.columns}${packing.zeros ? ', with zero points' : ''}`,
  inputs: [[2, 1, packing.rows]],
  arithmetic: 'float32',
  build: (b, x) => packed(b, x, packing),
}))
