// Arithmetic, activations, reductions and norms.

import type { AttributeLike } from '#graph/testing/build'
import type { GradientCase } from './gradient-case.ts'

const real = (value: number): AttributeLike => ({ kind: 'float', value })
const word = (value: string): AttributeLike => ({ kind: 'string', value })
const positive = (_: number, at: number): number => 1.5 + Math.sin(1 + at * 2.3)

const binary = (
  operator: string,
  shapes: readonly [readonly number[], readonly number[]],
  more: Partial<GradientCase> = {},
): GradientCase => ({
  title: `${operator} of [${shapes[0]}] and [${shapes[1]}]`,
  inputs: shapes,
  build: (b, x, y) => b.op(operator, [x, y]),
  ...more,
})

const unary = (
  operator: string,
  attributes: Readonly<Record<string, AttributeLike>> = {},
  more: Partial<GradientCase> = {},
): GradientCase => ({
  title: `${operator} ${Object.keys(attributes).join(' ')}`,
  inputs: [[2, 1, 5]],
  build: (b, x) => b.op(operator, [x], attributes),
  ...more,
})

const float32 = { arithmetic: 'float32' } as const

const broadcasts: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1],
    [1, 3],
  ],
  [
    [1, 3],
    [2, 3],
  ],
  [[], [2, 2]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[1], [1]],
]

export const elementwiseCases: readonly GradientCase[] = [
  ...['Add', 'Sub', 'Mul'].flatMap((operator) => broadcasts.map((shapes) => binary(operator, shapes))),
  ...broadcasts.map((shapes) => binary('Div', shapes, { values: positive })),
  ...broadcasts.map((shapes) => binary('Pow', shapes, { values: positive })),
  ...broadcasts.slice(1, 4).map((shapes) => binary('Mul', shapes, { title: `Mul of [${shapes}] whose lengths are known`, known: [0, 1] })),
  { title: 'a value times itself', inputs: [[2, 3]], build: (b, x) => b.op('Mul', [x, x]) },
  { title: 'a value used three times', inputs: [[2, 3]], build: (b, x) => b.op('Add', [b.op('Mul', [x, b.op('Tanh', [x])]), x]) },
  ...[1, 2, 3, 0.5, -0.5].map(
    (power): GradientCase => ({
      title: `the power ${power}`,
      inputs: [[2, 3]],
      values: positive,
      build: (b, x) => b.op('Pow', [x, b.float([], [power])]),
    }),
  ),
  {
    title: 'Where, with broadcasting',
    inputs: [[2, 3], [3]],
    build: (b, x, y) => b.op('Where', [b.op('Greater', [x, b.float([], [0])]), x, y]),
  },
  { title: 'Sum of three', inputs: [[2, 3], [3], [2, 1]], build: (b, ...values) => b.op('Sum', values) },
  { title: 'Mean of three', inputs: [[2, 3], [3], [2, 1]], build: (b, ...values) => b.op('Mean', values), arithmetic: 'float32' },
  { title: 'Max of three', inputs: [[2, 3], [3], [2, 1]], build: (b, ...values) => b.op('Max', values) },
  { title: 'Min of two', inputs: [[2, 3], [3]], build: (b, x, y) => b.op('Min', [x, y]) },
]

export const activationCases: readonly GradientCase[] = [
  unary('Neg'),
  unary('Abs'),
  unary('Sqrt', {}, { values: positive }),
  unary('Reciprocal', {}, { values: positive }),
  unary('Exp'),
  unary('Log', {}, { values: positive }),
  unary('Sin'),
  unary('Cos', {}, float32),
  unary('Tanh'),
  unary('Sigmoid'),
  unary('Relu'),
  unary('Erf', {}, float32),
  unary('Softplus', {}, float32),
  unary('Softsign', {}, float32),
  unary('LeakyRelu', { alpha: real(0.2) }, float32),
  unary('Elu', { alpha: real(0.7) }, float32),
  unary('ThresholdedRelu', { alpha: real(0.3) }, { ...float32, values: (_, at) => at * 0.3 - 1.05 }),
  unary('HardSigmoid', { alpha: real(0.4) }, float32),
  unary('HardSwish', {}, { ...float32, values: (_, at) => at * 0.9 - 4.1 }),
  unary('Mish', {}, float32),
  unary('Gelu', {}, float32),
  unary('Gelu', { approximate: word('tanh') }, float32),
  { title: 'Clip', inputs: [[2, 5]], build: (b, x) => b.op('Clip', [x, b.float([], [-0.4]), b.float([], [0.6])]) },
  { title: 'Clip from above', inputs: [[2, 5]], build: (b, x) => b.op('Clip', [x, '', b.float([], [0.6])]) },
  unary('Swish', { alpha: real(0.8) }, { ...float32, opset: 24 }),
  ...['Floor', 'Ceil', 'Round', 'Sign'].map(
    (operator): GradientCase => ({
      title: `${operator}, a step, which has no slope`,
      inputs: [[2, 5]],
      build: (b, x) => b.op('Add', [b.op(operator, [x]), x]),
    }),
  ),
  { title: 'a cast there and back', inputs: [[2, 3]], build: (b, x) => b.op('Tanh', [b.op('Cast', [b.op('Identity', [x])], { to: 1 })]) },
  { title: 'CastLike', inputs: [[2, 3]], build: (b, x) => b.op('Tanh', [b.op('CastLike', [x, b.float([], [0])])]) },
  { title: 'Dropout at rest', inputs: [[2, 3]], build: (b, x) => b.op('Tanh', [b.op('Dropout', [x])]) },
]

const reductions = ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceSumSquare', 'ReduceL1', 'ReduceL2', 'ReduceLogSumExp']

export const reductionCases: readonly GradientCase[] = [
  ...reductions.flatMap((operator): readonly GradientCase[] => [
    {
      title: `${operator} over the last axis, kept`,
      inputs: [[2, 3, 4]],
      build: (b, x) => b.op('Mul', [x, b.op(operator, [x, b.int64([1], [-1])], { keepdims: 1 })]),
    },
    {
      title: `${operator} over two axes`,
      inputs: [[2, 3, 4]],
      build: (b, x) => b.op(operator, [x, b.int64([2], [0, 2])], { keepdims: 0 }),
    },
    { title: `${operator} over everything`, inputs: [[2, 3]], build: (b, x) => b.op(operator, [x], { keepdims: 0 }) },
  ]),
  {
    title: 'ReduceMean over lengths that are known',
    inputs: [[2, 3, 4]],
    known: [0],
    build: (b, x) => b.op('ReduceMean', [x, b.int64([1], [1])], { keepdims: 1 }),
  },
  {
    title: 'ReduceMean over equal elements',
    inputs: [[1, 4]],
    values: () => 0.5,
    build: (b, x) => b.op('ReduceMean', [x, b.int64([1], [1])], { keepdims: 1 }),
  },
  ...[
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ].map(
    ([exclusive = 0, reverse = 0]): GradientCase => ({
      title: `CumSum, exclusive ${exclusive}, reverse ${reverse}`,
      inputs: [[2, 4]],
      build: (b, x) => b.op('Tanh', [b.op('CumSum', [x, b.int64([], [1])], { exclusive, reverse })]),
    }),
  ),
]

export const normCases: readonly GradientCase[] = [
  ...[-1, 1, 0].map(
    (axis): GradientCase => ({ title: `Softmax along ${axis}`, inputs: [[2, 3, 4]], build: (b, x) => b.op('Softmax', [x], { axis }) }),
  ),
  { title: 'Softmax of one element', inputs: [[2, 1]], build: (b, x) => b.op('Add', [b.op('Softmax', [x]), x]) },
  { title: 'LogSoftmax', inputs: [[2, 5]], build: (b, x) => b.op('LogSoftmax', [x], { axis: -1 }) },
  {
    title: 'LayerNormalization with gain and shift',
    inputs: [[2, 3, 4], [4], [4]],
    build: (b, x, gain, shift) => b.op('LayerNormalization', [x, gain, shift], { epsilon: real(1e-3) }),
  },
  {
    title: 'LayerNormalization over two axes, without shift',
    inputs: [
      [2, 3, 4],
      [3, 4],
    ],
    build: (b, x, gain) => b.op('LayerNormalization', [x, gain], { axis: 1 }),
  },
  {
    title: 'RMSNormalization',
    inputs: [[2, 3, 4], [4]],
    ...float32,
    opset: 23,
    build: (b, x, gain) => b.op('RMSNormalization', [x, gain], { epsilon: real(1e-3) }),
  },
  {
    title: 'a norm in plain operators',
    inputs: [[2, 3, 4]],
    build: (b, x) => {
      const mean = (value: string) => b.op('ReduceMean', [value, b.int64([1], [-1])])
      const centred = b.op('Sub', [x, mean(x)])
      const variance = mean(b.op('Pow', [centred, b.float([], [2])]))
      return b.op('Div', [centred, b.op('Sqrt', [b.op('Add', [variance, b.float([], [1e-5])])])])
    },
  },
]
