// Data movement and choices by places.

import { node } from '#graph/testing/build'
import type { GradientCase } from './gradient-case.ts'

/** A result through a function that is not linear, so that what goes back differs by place. */
const bent = (test: GradientCase): GradientCase => ({
  ...test,
  build: (b, x, y, z) => {
    const made = test.build(b, x, y, z)
    return (typeof made === 'string' ? [made] : made).map((value) => b.op('Tanh', [value]))
  },
})

const slices: readonly (readonly [
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[],
  steps?: readonly number[],
])[] = [
  [[1], [3], [1]],
  [[-2], [1000], [-1]],
  [[0], [2], [2]],
  [[-1000], [-1], [1]],
  [
    [0, 1],
    [1, 3],
    [0, 2],
  ],
  [[0], [1000], [1], [2]],
  [[-1], [-1000], [2], [-1]],
]

const gathers: readonly (readonly [axis: number, dims: readonly number[], places: readonly number[]])[] = [
  [1, [], [0]],
  [1, [1], [-1]],
  [2, [], [3]],
  [0, [3], [1, 0, 1]],
  [1, [2, 2], [0, 2, 2, -1]],
  [-1, [2], [1, -2]],
  [1, [1, 1], [2]],
]

const moves: readonly GradientCase[] = [
  { title: 'Reshape', inputs: [[2, 3, 4]], build: (b, x) => b.op('Reshape', [x, b.int64([3], [0, -1, 2])]) },
  { title: 'Flatten', inputs: [[2, 3, 4]], build: (b, x) => b.op('Flatten', [x], { axis: 1 }) },
  { title: 'Squeeze', inputs: [[2, 1, 3]], build: (b, x) => b.op('Squeeze', [x, b.int64([1], [1])]) },
  { title: 'Unsqueeze', inputs: [[2, 3]], build: (b, x) => b.op('Unsqueeze', [x, b.int64([2], [0, 3])]) },
  { title: 'Transpose', inputs: [[2, 3, 4]], build: (b, x) => b.op('Transpose', [x], { perm: [2, 0, 1] }) },
  { title: 'Transpose without an order', inputs: [[2, 3, 4]], build: (b, x) => b.op('Transpose', [x]) },
  { title: 'Expand', inputs: [[2, 1, 3]], build: (b, x) => b.op('Expand', [x, b.int64([4], [5, 1, 4, 1])]) },
  {
    title: 'Expand to a shape that is computed',
    inputs: [
      [2, 1],
      [2, 3],
    ],
    held: [1],
    build: (b, x, y) => b.op('Expand', [x, b.op('Shape', [y])]),
  },
  { title: 'Tile', inputs: [[2, 1, 3]], build: (b, x) => b.op('Tile', [x, b.int64([3], [2, 3, 1])]) },
  {
    title: 'Concat',
    inputs: [
      [2, 1, 2],
      [2, 3, 2],
    ],
    build: (b, x, y) => b.op('Concat', [x, y, x], { axis: 1 }),
  },
  {
    title: 'Concat of known lengths',
    inputs: [
      [2, 1],
      [2, 3],
    ],
    known: [0, 1],
    build: (b, x, y) => b.op('Concat', [y, x], { axis: -1 }),
  },
  {
    title: 'Split',
    inputs: [[2, 6]],
    build: (b, x) => {
      b.add(node('Split', [x, b.int64([3], [1, 3, 2])], ['part 0', 'part 1', 'part 2'], { axis: -1 }))
      return ['part 0', 'part 2']
    },
  },
  {
    title: 'Split into equal parts',
    inputs: [[4, 3]],
    build: (b, x) => {
      b.add(node('Split', [x], ['part 0', 'part 1'], { num_outputs: 2 }))
      return b.op('Mul', ['part 0', 'part 1'])
    },
  },
  { title: 'Pad', inputs: [[2, 3]], build: (b, x) => b.op('Pad', [x, b.int64([4], [0, 2, 1, 0])]) },
  {
    title: 'Pad of one axis',
    inputs: [[2, 3]],
    build: (b, x) => b.op('Pad', [x, b.int64([2], [1, 2]), b.float([], [0.5]), b.int64([1], [-1])]),
  },
  { title: 'Trilu, upper', inputs: [[2, 3, 3]], build: (b, x) => b.op('Trilu', [x], { upper: 1 }) },
  { title: 'Trilu, lower with an offset', inputs: [[3, 4]], build: (b, x) => b.op('Trilu', [x, b.int64([], [1])], { upper: 0 }) },
]

const choices: readonly GradientCase[] = [
  ...slices.flatMap(([starts, ends, axes, steps]): readonly GradientCase[] => {
    const build: GradientCase['build'] = (b, x) => {
      const ints = (values: readonly number[]) => b.int64([values.length], values)
      return b.op('Slice', [x, ints(starts), ints(ends), ints(axes), ...(steps ? [ints(steps)] : [])])
    }
    const title = `Slice from ${starts} to ${ends} of ${axes}${steps ? ` by ${steps}` : ''}`
    return [
      { title, inputs: [[2, 3, 4]], build },
      { title: `${title}, lengths known`, inputs: [[2, 3, 4]], known: [0], build },
    ]
  }),
  {
    title: 'Slice from a place that is computed',
    inputs: [
      [2, 5],
      [1, 3],
    ],
    held: [1],
    build: (b, x, y) => {
      const length = b.op('Gather', [b.op('Shape', [y]), b.int64([1], [1])])
      return b.op('Slice', [x, length, b.int64([1], [1000]), b.int64([1], [1])])
    },
  },
  {
    title: 'Slice without axes',
    inputs: [[3, 4]],
    build: (b, x) => b.op('Slice', [x, b.int64([2], [1, 0]), b.int64([2], [3, 2])]),
  },
  ...gathers.map(
    ([axis, dims, places]): GradientCase => ({
      title: `Gather of [${dims}] places ${places} along ${axis}`,
      inputs: [[2, 3, 4]],
      build: (b, x) => b.op('Gather', [x, b.int64(dims, places)], { axis }),
    }),
  ),
  {
    title: 'GatherElements',
    inputs: [[2, 3]],
    build: (b, x) => b.op('GatherElements', [x, b.int64([2, 4], [0, 2, 2, 1, -1, 0, 0, 1])], { axis: 1 }),
  },
  { title: 'GatherND', inputs: [[3, 4]], build: (b, x) => b.op('GatherND', [x, b.int64([3, 2], [0, 1, 2, 3, 0, 1])]) },
  {
    title: 'ScatterElements',
    inputs: [
      [2, 3],
      [2, 1],
    ],
    build: (b, x, y) => b.op('ScatterElements', [x, b.int64([2, 1], [2, 0]), y], { axis: 1 }),
  },
  {
    title: 'ScatterND',
    inputs: [
      [3, 2],
      [2, 2],
    ],
    build: (b, x, y) => b.op('ScatterND', [x, b.int64([2, 1], [2, 0]), y]),
  },
  {
    title: 'TopK',
    inputs: [[2, 5]],
    build: (b, x) => {
      b.add(node('TopK', [x, b.int64([1], [2])], ['largest', 'places'], { axis: -1 }))
      return 'largest'
    },
  },
]

export const moveCases = moves.map(bent)
export const choiceCases = choices.map(bent)
