import { describe, expect, it } from 'vitest'
import { GraphError } from '../ir/errors.ts'
import { type Graph, operatorOf } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { findAttentions } from '../recognise/attention.ts'
import { normInput } from '../recognise/norm.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { lowerFused } from './lower-fused.ts'
import { multiHeadAttentionCases, packedAttentionCases, standardAttentionCases } from './testing/attention-cases.ts'
import { type FusedCase, float } from './testing/fused-case.ts'
import { groupQueryAttentionCases } from './testing/rotary-cases.ts'

const DOMAINS = { '': 23, 'com.microsoft': 1 }

function lowered(build: FusedCase['build']): Graph {
  const builder = new ModelBuilder()
  build(builder)
  return runPasses(builder.model(DOMAINS), [lowerFused]).model.graph
}

function count(graph: Graph, operator: string): number {
  return graph.nodes.filter((made) => operatorOf(made) === operator).length
}

const attentionCases = [packedAttentionCases, multiHeadAttentionCases, groupQueryAttentionCases, standardAttentionCases].flat()

/** The graph with a copy of each input in its place: in a model what attention works on is computed. */
function withComputedInputs(graph: Graph): Graph {
  const copies = graph.inputs.map(({ name }) => node('Identity', [`${name} given`], [name]))
  return { ...graph, inputs: graph.inputs.map((input) => ({ ...input, name: `${input.name} given` })), nodes: [...copies, ...graph.nodes] }
}

describe('attention that was taken apart', () => {
  it.each(attentionCases)('is recognised: $title', ({ build }) => {
    expect(findAttentions(withComputedInputs(lowered(build)))).toHaveLength(1)
  })
})

/** Two layers of GroupQueryAttention that share their lengths, with caches. */
function twoLayers(builder: ModelBuilder): void {
  const shape = ['batch', 'time', 64] as const
  builder.input('x', 'float32', shape)
  builder.input('last', 'int32', ['batch'])
  builder.input('total', 'int32', [])
  let stream = 'x'
  for (const layer of [0, 1]) {
    const cache = ['key', 'value'].map((part) => builder.input(`past.${layer}.${part}`, 'float32', ['batch', 2, 'past', 16]))
    const joined = builder.op('MatMul', [stream, builder.float([64, 128])])
    const outputs = [`output.${layer}`, `present.${layer}.key`, `present.${layer}.value`]
    const inputs = [joined, '', '', ...cache, 'last', 'total']
    builder.add(node('com.microsoft:GroupQueryAttention', inputs, outputs, { num_heads: 4, kv_num_heads: 2 }))
    stream = outputs[0] ?? ''
  }
  builder.output(stream)
  for (const layer of [0, 1]) for (const part of ['key', 'value']) builder.output(`present.${layer}.${part}`)
}

describe('lowerFused', () => {
  it('leaves out the caches and says so', () => {
    const builder = new ModelBuilder()
    twoLayers(builder)
    const { model, records } = runPasses(builder.model(DOMAINS), [lowerFused])
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['x', 'last'])
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(['output.1'])
    expect(records[0]?.changes).toEqual([
      'took 2 com.microsoft:GroupQueryAttention apart',
      'left out 5 inputs and 4 outputs that only a cache needs',
    ])
  })

  it('makes one mask for all layers', () => {
    const graph = lowered(twoLayers)
    expect([count(graph, 'Softmax'), count(graph, 'Where'), count(graph, 'Range')]).toEqual([2, 1, 1])
  })

  it('keeps the names of outputs, also where the value is one that another node has made already', () => {
    const graph = lowered((builder) => {
      const x = builder.input('x', 'float32', ['n', 4])
      for (const name of ['first', 'second']) {
        builder.add(node('com.microsoft:QuickGelu', [x], [name]))
        builder.output(name)
      }
    })
    expect(graph.outputs.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(graph.nodes.at(-1)).toMatchObject({ opType: 'Identity', inputs: ['first'], outputs: ['second'] })
  })

  it('leaves a graph without fused operators as it is', () => {
    const builder = new ModelBuilder()
    builder.output(builder.op('LayerNormalization', [builder.input('x', 'float32', ['n', 4]), builder.float([4])]))
    const model = builder.model()
    expect(lowerFused.run(model).model).toBe(model)
  })

  it('adds the bias of a residual sum to the linear layer it belongs to', () => {
    const graph = lowered((builder) => {
      const x = builder.input('x', 'float32', ['b', 't', 4])
      const branch = builder.op('MatMul', [x, builder.float([4, 4])])
      const inputs = [x, branch, builder.float([4]), builder.float([4]), builder.float([4])]
      builder.output(builder.op('com.microsoft:SkipLayerNormalization', inputs))
    })
    const [product, biased, sum] = graph.nodes
    expect(biased?.inputs[0]).toBe(product?.outputs[0])
    expect(sum?.inputs).toEqual(['x', biased?.outputs[0]])
  })

  it('gives norms of float16 that are recognised as norms of the value itself', () => {
    const builder = new ModelBuilder()
    const x = builder.op('Neg', [builder.input('x', 'float16', ['b', 't', 4])])
    const scale = builder.constant({ name: 'g', elementType: 'float16', dims: [4], storage: { kind: 'bytes', bytes: new Uint8Array(8) } })
    const output = builder.output(builder.op('SimplifiedLayerNormalization', [x, scale]), 'float16')
    const { graph } = runPasses(builder.model(DOMAINS), [lowerFused]).model
    expect(normInput(output, indexGraph(graph))).toBe(x)
  })
})

interface Refused {
  readonly part: string
  readonly build: FusedCase['build']
}

/** A node with inputs by name; '' leaves one out. */
const refused = (part: string, operator: string, names: readonly string[], attributes: Parameters<typeof node>[3] = {}): Refused => ({
  part,
  build(builder) {
    for (const name of names) if (name !== '') builder.input(name, 'float32', ['b', 't', 16])
    builder.output(builder.op(operator, names, attributes))
  },
})

const three = ['q', 'k', 'v']
const heads = { num_heads: 2, kv_num_heads: 2 }
const upTo = (place: number): readonly string[] => [...three, ...Array.from({ length: place - 3 }, () => ''), 'more']

describe('what has no lowering', () => {
  it.each([
    refused('k_scale', 'com.microsoft:GroupQueryAttention', upTo(12), heads),
    refused('query_seqlens', 'com.microsoft:GroupQueryAttention', upTo(16), heads),
    refused('no input 5', 'com.microsoft:GroupQueryAttention', three, heads),
    refused('num_heads', 'com.microsoft:MultiHeadAttention', three),
    refused('cache_indirection', 'com.microsoft:MultiHeadAttention', upTo(9), heads),
    refused('query without a key', 'com.microsoft:MultiHeadAttention', ['q'], heads),
    refused('do_rotary', 'com.microsoft:Attention', ['x', 'w'], { num_heads: 2, do_rotary: 1 }),
    refused('nonpad_kv_seqlen', 'Attention', upTo(6), { q_num_heads: 2, kv_num_heads: 2 }),
    refused('left_window_size', 'Attention', three, { left_window_size: 2 }),
    refused('q_num_heads', 'Attention', three),
    refused('is_packed_batching', 'com.microsoft:RotaryEmbedding', ['x', 'p', 'c', 's'], { is_packed_batching: 1 }),
    refused('gather_axis', 'com.microsoft:GatherBlockQuantized', three, { gather_axis: 1 }),
    refused('quantize_axis', 'com.microsoft:GatherBlockQuantized', three, { quantize_axis: 0 }),
    refused('input 0 that is no constant matrix', 'com.microsoft:GatherBlockQuantized', three),
    refused('approximate', 'Gelu', ['x'], { approximate: { kind: 'string', value: 'sigmoid' } }),
    {
      part: 'a computed past',
      build(builder: ModelBuilder) {
        const x = builder.input('x', 'float32', ['b', 't', 4])
        const past = builder.op('Add', [x, x])
        builder.output(builder.op('com.microsoft:Attention', [x, builder.float([4, 12]), '', '', past], { num_heads: 2 }))
      },
    },
    {
      part: 'output 1 in use',
      build(builder: ModelBuilder) {
        const x = builder.input('x', 'float32', ['b', 't', 4])
        builder.add(node('com.microsoft:SkipLayerNormalization', [x, x, builder.float([4])], ['y', 'mean'], { epsilon: float(1) }))
        builder.output(builder.op('Add', ['y', 'mean']))
      },
    },
  ])('is refused by name: $part', ({ part, build }) => {
    let error: unknown
    try {
      lowered(build)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(GraphError)
    expect(error).toMatchObject({ kind: 'unsupported-form', data: { part } })
  })
})
