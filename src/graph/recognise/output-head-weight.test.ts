import { describe, expect, it } from 'vitest'
import type { Initializer } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { ModelBuilder } from '../testing/build.ts'
import { findHead } from './output-head.ts'
import { headWeight } from './output-head-weight.ts'

const [VOCABULARY, WIDTH] = [6, 32]

/** Embedding, then head; `build` gets the looked-up ids' name and gives [the looked-up rows, the scores]. */
type Build = (b: ModelBuilder, ids: string) => readonly [rows: string, scores: string]

const turned = (b: ModelBuilder, matrix: string) => b.op('Transpose', [matrix], { perm: [1, 0] })

function table(b: ModelBuilder, name: string, elementType: 'int8' | 'uint8', dims: readonly number[], bytes?: Uint8Array): string {
  const size = dims.reduce((product, length) => product * length, 1)
  const constant: Initializer = { name, elementType, dims, storage: { kind: 'bytes', bytes: bytes ?? new Uint8Array(size) } }
  return b.constant(constant)
}

const packed = (b: ModelBuilder, rows: string, weight: string) =>
  b.op('com.microsoft:MatMulNBits', [rows, weight, b.float([VOCABULARY])], { K: WIDTH, N: VOCABULARY, bits: 8, block_size: WIDTH })

const HEADS: readonly (readonly [title: string, build: Build, weight: ReturnType<typeof headWeight>])[] = [
  [
    'a weight of its own',
    (b, ids) => {
      const rows = b.op('Gather', [b.float([VOCABULARY, WIDTH]), ids])
      return [rows, b.op('MatMul', [rows, b.float([WIDTH, VOCABULARY + 2])])]
    },
    { vocabulary: VOCABULARY + 2, isTied: false, steps: [] },
  ],
  [
    'the table, transposed',
    (b, ids) => {
      const weight = b.float([VOCABULARY, WIDTH])
      const rows = b.op('Gather', [weight, ids])
      return [rows, b.op('Add', [b.op('MatMul', [rows, turned(b, weight)]), b.float([VOCABULARY])])]
    },
    { vocabulary: VOCABULARY, isTied: true, steps: ['Transpose'] },
  ],
  [
    'the transpose of a weight as the table',
    (b, ids) => {
      const weight = b.float([WIDTH, VOCABULARY])
      const rows = b.op('Gather', [turned(b, weight), ids])
      return [rows, b.op('MatMul', [rows, weight])]
    },
    { vocabulary: VOCABULARY, isTied: true, steps: [] },
  ],
  [
    'the table, transposed by the product',
    (b, ids) => {
      const weight = b.float([VOCABULARY, WIDTH])
      const rows = b.op('Gather', [weight, ids])
      return [rows, b.op('com.microsoft:FusedMatMul', [rows, weight], { transB: 1 })]
    },
    { vocabulary: VOCABULARY, isTied: true, steps: [] },
  ],
  [
    'a quantised table',
    (b, ids) => {
      const weight = table(b, 'table', 'int8', [VOCABULARY, WIDTH])
      const scale = b.float([], [0.1])
      const rows = b.op('DequantizeLinear', [b.op('Gather', [weight, ids]), scale])
      return [rows, b.op('MatMul', [rows, turned(b, b.op('DequantizeLinear', [weight, scale]))])]
    },
    { vocabulary: VOCABULARY, isTied: true, steps: ['DequantizeLinear', 'Transpose'] },
  ],
  [
    'packed bytes under two names',
    (b, ids) => {
      const bytes = new Uint8Array(VOCABULARY * WIDTH)
      const rows = b.op('DequantizeLinear', [
        b.op('Gather', [table(b, 'rows', 'uint8', [VOCABULARY, WIDTH], bytes), ids]),
        b.float([], [1]),
      ])
      return [rows, packed(b, rows, table(b, 'packed', 'uint8', [VOCABULARY, 1, WIDTH], bytes))]
    },
    { vocabulary: VOCABULARY, isTied: true, steps: [] },
  ],
  [
    'other bytes of the same file',
    (b, ids) => {
      const file = new Uint8Array(2 * VOCABULARY * WIDTH)
      const [first, second] = [file.subarray(0, VOCABULARY * WIDTH), file.subarray(VOCABULARY * WIDTH)]
      const rows = b.op('DequantizeLinear', [
        b.op('Gather', [table(b, 'rows', 'uint8', [VOCABULARY, WIDTH], first), ids]),
        b.float([], [1]),
      ])
      return [rows, packed(b, rows, table(b, 'packed', 'uint8', [VOCABULARY, 1, WIDTH], second))]
    },
    { vocabulary: VOCABULARY, isTied: false, steps: [] },
  ],
  [
    'a weight that is computed',
    (b, ids) => {
      const weight = b.float([VOCABULARY, WIDTH])
      const rows = b.op('Gather', [weight, ids])
      return [rows, b.op('MatMul', [rows, turned(b, b.op('Mul', [weight, b.float([WIDTH])]))])]
    },
    null,
  ],
]

describe('the weight of an output head', () => {
  it.each(HEADS)('may be %s', (_title, build, weight) => {
    const b = new ModelBuilder()
    const [rows, scores] = build(b, b.input('ids', 'int64', ['batch', 'tokens']))
    const { graph } = b.model()
    const head = findHead(graph, scores)
    const index = indexGraph(graph)
    const embedding = graph.nodes.find((node) => node.opType === 'Gather') ?? null
    expect(head?.hidden).toBe(rows)
    expect(index.consumers(rows)).toContain(head?.node)
    expect(head === null ? null : headWeight(head, embedding, graph)).toEqual(weight)
  })
})
