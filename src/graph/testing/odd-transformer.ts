// A small decoder in the ways that families differ: how queries, keys and values are made, what is added to scores, how norms are
// written and where they stand.

import { ModelBuilder, node } from './build.ts'

export interface OddTransformer {
  /** One product for queries, keys and values, taken apart by Split, by Slice, or a product for each. */
  readonly projection?: 'each' | 'split' | 'slice'
  /** Fewer heads for keys and values, repeated. */
  readonly groups?: boolean
  /** A norm of each head's query and key. */
  readonly headNorms?: boolean
  /** Heads joined to the batch around the products. */
  readonly joined?: boolean
  /** Scores are kept below a bound by a Tanh. */
  readonly cap?: boolean
  /** Added to scores: a slope times the distance, nothing, or the mask of a window. */
  readonly bias?: 'alibi' | 'window' | 'none'
  /** Before the blocks, after them, or both (Gemma 2). */
  readonly norms?: 'before' | 'after' | 'around'
  /** Gains that are stored less 1, affine maps instead of norms, or root-mean-square by a power. */
  readonly gain?: 'plain' | 'plus-one' | 'affine' | 'power'
  /** A bias is added to the stream after each sum. */
  readonly shifted?: boolean
  /** Embeddings are scaled before the first layer. */
  readonly scaled?: boolean
  /** Both blocks read the same norm, and are added one after the other. */
  readonly beside?: boolean
  /** The second block works on the rows of all sequences joined. */
  readonly flat?: boolean
  /** One product for each token, a head of two products on the first token, or what a test makes of the last state [B,T,16]. */
  readonly head?: 'tokens' | 'pooled' | ((builder: ModelBuilder, state: string) => void)
}

export interface OddParts {
  readonly builder: ModelBuilder
  readonly embeddings: string
  readonly probabilities: readonly string[]
  readonly hiddenStates: readonly string[]
  /** What each block adds to the residual stream. */
  readonly attentionOutputs: readonly string[]
  readonly mlpOutputs: readonly string[]
}

export const ODD = { layers: 3, heads: 4, width: 16, headWidth: 4, vocabulary: 19 } as const

/** ids [B,T] -> logits [B,T,19] or [B,3]. */
export function oddTransformer(options: OddTransformer): OddParts {
  const { projection = 'each', bias = 'none', norms = 'before', gain = 'plain', head = 'tokens' } = options
  const { layers, heads, width, headWidth, vocabulary } = ODD
  const b = new ModelBuilder()
  const ids = b.input('ids', 'int64', ['batch', 'tokens'])
  const keyHeads = options.groups ? 2 : heads
  const ints = (values: readonly number[]) => b.int64([values.length], values)
  const linear = (x: string, from: number, to: number) => b.op('MatMul', [x, b.float([from, to])])
  const number = (value: number) => b.float([], [value])

  const rootMeanSquare = (x: string, size: number) => {
    const variance = b.op('Add', [b.op('ReduceMean', [b.op('Mul', [x, x])], { axes: [-1] }), number(1e-5)])
    const core =
      gain === 'power'
        ? b.op('Mul', [x, b.op('Pow', [variance, number(-0.5)])])
        : b.op('Mul', [x, b.op('Reciprocal', [b.op('Sqrt', [variance])])])
    const stored = b.float([size])
    return b.op('Mul', [core, gain === 'plus-one' ? b.op('Add', [stored, number(1)]) : stored])
  }
  const normalise = (x: string) =>
    gain === 'affine' ? b.op('Add', [b.op('Mul', [x, b.float([width])]), b.float([width])]) : rootMeanSquare(x, width)

  const projections = (x: string): readonly string[] => {
    const sizes = [heads, keyHeads, keyHeads].map((count) => count * headWidth)
    if (projection === 'each') return sizes.map((size) => linear(x, width, size))
    const all = linear(
      x,
      width,
      sizes.reduce((sum, size) => sum + size, 0),
    )
    if (projection === 'slice') {
      const ends = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((sum, size) => sum + size, 0))
      return sizes.map((size, at) => b.op('Slice', [all, ints([(ends[at] ?? 0) - size]), ints([ends[at] ?? 0]), ints([-1])]))
    }
    const parts = sizes.map((_, at) => `${all}_part_${at}`)
    b.add(node('Split', [all, ints(sizes)], parts, { axis: -1 }))
    return parts
  }
  const toHeads = (x: string, count: number, normed: boolean) => {
    const split = b.op('Reshape', [x, ints([0, 0, count, headWidth])])
    return b.op('Transpose', [normed && options.headNorms ? rootMeanSquare(split, headWidth) : split], { perm: [0, 2, 1, 3] })
  }
  const repeated = (x: string) => {
    if (!options.groups) return x
    const copies = b.op('Concat', [b.op('Unsqueeze', [x, ints([2])]), b.op('Unsqueeze', [x, ints([2])])], { axis: 2 })
    return b.op('Reshape', [copies, ints([0, heads, -1, headWidth])])
  }
  /** Shape parts, then some of a value's dimensions. */
  const joinedTo = (parts: readonly string[], value: string, start: number, end: number) =>
    b.op('Concat', [...parts, b.op('Slice', [b.op('Shape', [value]), ints([start]), ints([end])])], { axis: 0 })
  const length = b.op('Squeeze', [b.op('Gather', [b.op('Shape', [ids]), ints([1])]), ints([0])])
  const distances = () => {
    const places = b.op('Cast', [b.op('Range', [b.int64([], [0]), length, b.int64([], [1])])], { to: 1 })
    return b.op('Sub', [b.op('Unsqueeze', [places, ints([0])]), b.op('Unsqueeze', [places, ints([1])])])
  }
  const biased = (scores: string) => {
    if (bias === 'alibi') return b.op('Add', [scores, b.op('Mul', [b.float([heads, 1, 1]), distances()])])
    if (bias === 'none') return scores
    return b.op('Where', [b.op('Less', [b.op('Abs', [distances()]), number(3)]), scores, number(-1e9)])
  }
  const capped = (scores: string) => (options.cap ? b.op('Mul', [b.op('Tanh', [b.op('Div', [scores, number(20)])]), number(20)]) : scores)

  const probabilities: string[] = []
  const attention = (x: string) => {
    const [q = '', k = '', v = ''] = projections(x)
    const joinedHeads = (value: string) => (options.joined ? b.op('Reshape', [value, joinedTo([ints([-1])], value, 2, 4)]) : value)
    const [query, key, value] = [toHeads(q, heads, true), repeated(toHeads(k, keyHeads, true)), repeated(toHeads(v, keyHeads, false))]
    const turned = b.op('Transpose', [joinedHeads(key)], { perm: options.joined ? [0, 2, 1] : [0, 1, 3, 2] })
    const scores = biased(capped(b.op('Mul', [b.op('MatMul', [joinedHeads(query), turned]), number(0.5)])))
    const weights = b.op('Softmax', [scores], { axis: -1 })
    probabilities.push(weights)
    const context = b.op('MatMul', [weights, joinedHeads(value)])
    const apart = options.joined ? b.op('Reshape', [context, joinedTo([ints([-1, heads])], context, 1, 3)]) : context
    const merged = b.op('Reshape', [b.op('Transpose', [apart], { perm: [0, 2, 1, 3] }), ints([0, 0, width])])
    return linear(merged, width, width)
  }
  const mlp = (x: string) => linear(b.op('Mul', [b.op('Sigmoid', [linear(x, width, 24)]), linear(x, width, 24)]), 24, width)
  const attentionOutputs: string[] = []
  const mlpOutputs: string[] = []
  const recorded = (block: string, outputs: string[]) => {
    outputs.push(block)
    return block
  }
  const around = (x: string, block: (x: string) => string, outputs: string[]) => {
    if (norms === 'after') return normalise(b.op('Add', [x, recorded(block(x), outputs)]))
    const result = block(normalise(x))
    const sum = b.op('Add', [x, recorded(norms === 'around' ? normalise(result) : result, outputs)])
    return options.shifted ? b.op('Add', [sum, b.float([width])]) : sum
  }

  const feedForward = (x: string) => {
    if (!options.flat) return around(x, mlp, mlpOutputs)
    return b.op('Reshape', [around(b.op('Reshape', [x, ints([-1, width])]), mlp, mlpOutputs), b.op('Shape', [x])])
  }

  const embeddings = b.op('Gather', [b.float([vocabulary, width]), ids])
  const hiddenStates = [options.scaled ? b.op('Mul', [embeddings, number(4)]) : embeddings]
  const besides = (x: string) => {
    const normed = normalise(x)
    const first = b.op('Add', [x, recorded(attention(normed), attentionOutputs)])
    return b.op('Add', [first, recorded(mlp(normed), mlpOutputs)])
  }
  for (let layer = 0; layer < layers; layer++)
    hiddenStates.push(
      options.beside ? besides(hiddenStates[layer] ?? '') : feedForward(around(hiddenStates[layer] ?? '', attention, attentionOutputs)),
    )
  const last = hiddenStates[layers] ?? ''
  const final = norms === 'after' ? last : normalise(last)
  if (head === 'tokens') {
    hiddenStates[layers] = final
    b.output(linear(final, width, vocabulary))
  } else if (typeof head === 'function') {
    hiddenStates[layers] = final
    head(b, final)
  } else {
    const pooled = b.op('Tanh', [linear(b.op('Gather', [final, b.int64([], [0])], { axis: 1 }), width, width)])
    b.output(linear(pooled, width, 3))
  }
  return { builder: b, embeddings, probabilities, hiddenStates, attentionOutputs, mlpOutputs }
}
