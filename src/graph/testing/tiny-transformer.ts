// A small transformer encoder for tests, in the forms that exporters write.

import { ModelBuilder } from './build.ts'

export interface TinyTransformer {
  readonly layers: number
  /** Norms follow the blocks (BERT) or precede them (GPT-2), or both blocks run beside each other (GPT-NeoX). */
  readonly blocks: 'post-norm' | 'pre-norm' | 'parallel'
  /** How norms are written. */
  readonly norm: 'LayerNormalization' | 'decomposed' | 'root-mean-square'
}

/** What the builder knows about its own graph, for the recognisers to be checked against. */
export interface TinyParts {
  readonly builder: ModelBuilder
  readonly probabilities: readonly string[]
  readonly hiddenStates: readonly string[]
}

export const TINY = { heads: 2, width: 8, headWidth: 4, vocabulary: 11, classes: 3 } as const

/** ids [B,T] -> logits [B,3]. */
export function tinyTransformer({ layers, blocks, norm }: TinyTransformer): TinyParts {
  const builder = new ModelBuilder()
  const { heads, width, headWidth, vocabulary, classes } = TINY
  const ids = builder.input('ids', 'int64', ['batch', 'tokens'])
  const splitShape = builder.int64([4], [0, 0, heads, headWidth])
  const joinShape = builder.int64([3], [0, 0, width])
  const scale = builder.float([], [Math.sqrt(headWidth)])

  const linear = (x: string, from: number, to: number) =>
    builder.op('Add', [builder.op('MatMul', [x, builder.float([from, to])]), builder.float([to])])
  const split = (x: string, perm: readonly number[]) =>
    builder.op('Transpose', [builder.op('Reshape', [linear(x, width, width), splitShape])], { perm })
  const normalise = (x: string): string => {
    const gain = builder.float([width])
    if (norm === 'LayerNormalization')
      return builder.op(norm, [x, gain, builder.float([width])], { axis: -1, epsilon: { kind: 'float', value: 1e-5 } })
    const [two, epsilon] = [builder.float([], [2]), builder.float([], [1e-5])]
    const mean = (value: string) => builder.op('ReduceMean', [value], { axes: [-1] })
    const root = (value: string) => builder.op('Sqrt', [builder.op('Add', [mean(builder.op('Pow', [value, two])), epsilon])])
    if (norm === 'root-mean-square') {
      return builder.op('Mul', [gain, builder.op('Mul', [x, builder.op('Reciprocal', [root(x)])])])
    }
    const centred = builder.op('Sub', [x, mean(x)])
    return builder.op('Add', [builder.op('Mul', [builder.op('Div', [centred, root(centred)]), gain]), builder.float([width])])
  }
  const probabilities: string[] = []
  const attention = (x: string): string => {
    const scores = builder.op('Div', [builder.op('MatMul', [split(x, [0, 2, 1, 3]), split(x, [0, 2, 3, 1])]), scale])
    const weights = builder.op('Softmax', [scores], { axis: -1 })
    probabilities.push(weights)
    const context = builder.op('MatMul', [weights, split(x, [0, 2, 1, 3])])
    return linear(builder.op('Reshape', [builder.op('Transpose', [context], { perm: [0, 2, 1, 3] }), joinShape]), width, width)
  }
  const mlp = (x: string): string => linear(builder.op('Relu', [linear(x, width, 2 * width)]), 2 * width, width)
  const block = (x: string): string => {
    if (blocks === 'parallel') return builder.op('Add', [builder.op('Add', [attention(normalise(x)), mlp(normalise(x))]), x])
    if (blocks === 'pre-norm') {
      const middle = builder.op('Add', [attention(normalise(x)), x])
      return builder.op('Add', [middle, mlp(normalise(middle))])
    }
    const middle = normalise(builder.op('Add', [attention(x), x]))
    return normalise(builder.op('Add', [mlp(middle), middle]))
  }

  const words = builder.op('Gather', [builder.float([vocabulary, width]), ids])
  const hiddenStates = [blocks === 'post-norm' ? normalise(words) : words]
  for (let layer = 0; layer < layers; layer++) hiddenStates.push(block(hiddenStates[layer] ?? ''))
  const last = hiddenStates[layers] ?? ''
  const first = builder.op('Gather', [blocks === 'post-norm' ? last : normalise(last), builder.int64([], [0])], { axis: 1 })
  builder.output(linear(builder.op('Tanh', [linear(first, width, width)]), width, classes))
  return { builder, probabilities, hiddenStates }
}
