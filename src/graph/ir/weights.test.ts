import { describe, expect, it } from 'vitest'
import { ModelBuilder } from '../testing/build.ts'
import type { Initializer } from './graph.ts'
import { summariseWeights } from './weights.ts'

const bytesOf = (name: string, elementType: Initializer['elementType'], dims: readonly number[], bytes: Uint8Array): Initializer => ({
  name,
  elementType,
  dims,
  storage: { kind: 'bytes', bytes },
})

describe('summariseWeights', () => {
  it('counts real and quantised weights, not shapes and single numbers', () => {
    const builder = new ModelBuilder()
    builder.float([3, 4])
    builder.float([], [1])
    builder.int64([2], [1, 2])
    builder.constant(bytesOf('q', 'int8', [5, 8], new Uint8Array(40)))
    expect(summariseWeights(builder.model().graph)).toEqual({
      parameters: 52,
      precision: ['int8', 'float32'],
      bytes: 12 * 4 + 4 + 16 + 40,
      unpackedBytes: 12 * 4 + 4 + 16 + 40,
    })
  })

  it('counts the elements of packed products, also inside branches, and shared bytes once', () => {
    const builder = new ModelBuilder()
    const packed = new Uint8Array(64 * 32)
    const x = builder.input('x', 'float32', [1, 32])
    const weight = builder.constant(bytesOf('w', 'uint8', [64, 1, 16], packed.subarray(0, 64 * 16)))
    const table = builder.constant(bytesOf('table', 'uint8', [64, 16], packed.subarray(0, 64 * 16)))
    const scales = builder.float([64])
    builder.output(builder.op('com.microsoft:MatMulNBits', [x, weight, scales], { K: 32, N: 64, bits: 4, block_size: 32 }))
    builder.op('Gather', [table, builder.int64([1], [0])])
    const { graph } = builder.model()
    const summary = {
      parameters: 64 * 32,
      precision: ['4 bits'],
      bytes: 64 * 16 + 256 + 8,
      unpackedBytes: 64 * 32 * 4 + 256 + 8,
    }
    expect(summariseWeights(graph)).toEqual(summary)
    const branch = { kind: 'graph' as const, value: { ...graph, inputs: [] } }
    const outer = {
      ...graph,
      initializers: [],
      nodes: [
        { ...graph.nodes[0], opType: 'If', domain: '', name: '', inputs: [], outputs: [], attributes: new Map([['then_branch', branch]]) },
      ],
    }
    expect(summariseWeights(outer)).toEqual(summary)
  })
})
