// Graphs put together at random from operators that transformers use.

import fc from 'fast-check'
import { type ModelBuilder, node } from '#graph/testing/build'
import { sizeOf } from '#tensor/tensor'
import type { GradientCase } from './gradient-case.ts'

/** More elements say nothing more and take longer. */
const MAX_ELEMENTS = 48

/** A value of rank 3 and its lengths. */
interface Value {
  readonly name: string
  readonly dims: readonly number[]
}

/** Makes a value from two others; `pick` decides what is left open. */
type Step = (b: ModelBuilder, x: Value, y: Value, pick: number) => Value

const axisOf = (pick: number): number => pick % 3
const ints = (b: ModelBuilder, values: readonly number[]): string => b.int64([values.length], values)
const same = (x: Value, name: string): Value => ({ name, dims: x.dims })

/** The value averaged over the axes on which its lengths are not those of another. */
function fitted(b: ModelBuilder, y: Value, x: Value): Value {
  const axes = [0, 1, 2].filter((axis) => y.dims[axis] !== x.dims[axis])
  if (axes.length === 0) return y
  return {
    name: b.op('ReduceMean', [y.name, ints(b, axes)], { keepdims: 1 }),
    dims: y.dims.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  }
}

const swapped = (b: ModelBuilder, x: Value): string => b.op('Transpose', [x.name], { perm: [0, 2, 1] })
const at = (x: Value, axis: number): number => x.dims[axis] ?? 1

const STEPS: readonly Step[] = [
  (b, x) => same(x, b.op('Tanh', [x.name])),
  (b, x) => same(x, b.op('Sigmoid', [b.op('Mul', [x.name, b.float([], [3])])])),
  (b, x, y, pick) => same(x, b.op(['Add', 'Sub', 'Mul'][pick % 3] ?? 'Add', [x.name, fitted(b, y, x).name])),
  (b, x, y) => same(x, b.op('Div', [fitted(b, y, x).name, b.op('Add', [b.op('Mul', [x.name, x.name]), b.float([], [1.5])])])),
  (b, x, _, pick) => same(x, b.op('Softmax', [x.name], { axis: axisOf(pick) })),
  (b, x) => ({ name: b.op('MatMul', [x.name, swapped(b, x)]), dims: [at(x, 0), at(x, 1), at(x, 1)] }),
  (b, x, _, pick) => ({ name: b.op('MatMul', [x.name, b.float([at(x, 2), 1 + (pick % 3)])]), dims: [at(x, 0), at(x, 1), 1 + (pick % 3)] }),
  (b, x) => same(x, b.op('LayerNormalization', [x.name, b.float([at(x, 2)])], { epsilon: { kind: 'float', value: 0.1 } })),
  (b, x, _, pick) => {
    const perm = [
      [0, 2, 1],
      [1, 0, 2],
      [2, 0, 1],
    ][pick % 3] ?? [0, 1, 2]
    return { name: b.op('Transpose', [x.name], { perm }), dims: perm.map((axis) => at(x, axis)) }
  },
  (b, x) => ({ name: b.op('Reshape', [x.name, ints(b, [0, 1, -1])]), dims: [at(x, 0), 1, at(x, 1) * at(x, 2)] }),
  (b, x, y, pick) => {
    const axis = axisOf(pick)
    const other = y.dims.every((size, place) => place === axis || size === x.dims[place]) ? y : x
    return { name: b.op('Concat', [x.name, other.name], { axis }), dims: x.dims.with(axis, at(x, axis) + at(other, axis)) }
  },
  (b, x, _, pick) => {
    const axis = axisOf(pick)
    return { name: b.op('Slice', [x.name, ints(b, [-1]), ints(b, [1000]), ints(b, [axis])]), dims: x.dims.with(axis, 1) }
  },
  (b, x, _, pick) => {
    const axis = axisOf(pick)
    return { name: b.op('Gather', [x.name, ints(b, [0, -1, 0])], { axis }), dims: x.dims.with(axis, 3) }
  },
  (b, x, y, pick) => {
    const mask = b.op('Less', [b.float(x.dims), b.float([], [(pick % 3) / 4 - 0.25])])
    return same(x, b.op('Where', [mask, x.name, fitted(b, y, x).name]))
  },
  (b, x, _, pick) => {
    const axis = axisOf(pick)
    if (at(x, axis) < 2) return x
    const parts = [`${x.name} a ${pick}`, `${x.name} b ${pick}`]
    b.add(node('Split', [x.name, ints(b, [1, at(x, axis) - 1])], parts, { axis }))
    return { name: b.op('Mul', parts), dims: x.dims.with(axis, at(x, axis) - 1) }
  },
]

const lengths = fc.integer({ min: 1, max: 3 })
const plans = fc.record({
  first: fc.tuple(lengths, lengths, lengths),
  second: fc.tuple(lengths, lengths, lengths),
  known: fc.subarray([0, 1]),
  steps: fc.array(fc.record({ step: fc.nat(STEPS.length - 1), left: fc.nat(20), right: fc.nat(20), pick: fc.nat(5) }), {
    minLength: 3,
    maxLength: 10,
  }),
})

function caseOf({ first, second, known, steps }: typeof plans extends fc.Arbitrary<infer Plan> ? Plan : never): GradientCase {
  return {
    title: 'random',
    inputs: [first, second],
    known,
    build: (b, x, y) => {
      const values: Value[] = [
        { name: x, dims: first },
        { name: y, dims: second },
      ]
      for (const [place, { step, left, right, pick }] of steps.entries()) {
        const [one, other] = [values[values.length - 1 - (left % 3 === 2 ? left % values.length : 0)], values[right % values.length]]
        if (one === undefined || other === undefined) continue
        const made = STEPS[step]?.(b, one, other, pick + 10 * place)
        if (made !== undefined && sizeOf(made.dims) <= MAX_ELEMENTS) values.push(made)
      }
      return b.op('Tanh', [values.at(-1)?.name ?? x])
    },
  }
}

/** A graph to check the gradients of. */
export const randomGraphs: fc.Arbitrary<GradientCase> = plans.map(caseOf)
