import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import { operatorOf } from '../ir/graph.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { raiseOpset } from './raise-opset.ts'

type Build = (builder: ModelBuilder, x: string) => string

const x = floats([2, 3, 4])

function build(make: Build): ModelBuilder {
  const builder = new ModelBuilder()
  builder.output(make(builder, builder.input('x', 'float32', ['a', 'b', 4])))
  return builder
}

const number = (value: number) => ({ kind: 'float', value }) as const

describe('raiseOpset', () => {
  it.each<readonly [string, number, Build]>([
    ['Unsqueeze and Squeeze', 11, (b, x) => b.op('Squeeze', [b.op('Unsqueeze', [x], { axes: [0, 2] })], { axes: [2] })],
    ['Squeeze of every axis of 1', 12, (b, x) => b.op('Squeeze', [b.op('Unsqueeze', [x], { axes: [3] })])],
    ['ReduceSum', 11, (b, x) => b.op('ReduceSum', [x], { axes: [1], keepdims: 0 })],
    ['ReduceSum over all', 11, (b, x) => b.op('ReduceSum', [x])],
    ['ReduceMean', 17, (b, x) => b.op('ReduceMean', [x], { axes: [-1] })],
    ['ReduceMax', 11, (b, x) => b.op('ReduceMax', [x], { axes: [0, 2], keepdims: 0 })],
    ['ReduceL2', 14, (b, x) => b.op('ReduceL2', [x], { axes: [-1], keepdims: 1 })],
    ['Softmax over the last axis', 11, (b, x) => b.op('Softmax', [x], { axis: 2 })],
    ['Softmax over several axes', 11, (b, x) => b.op('Softmax', [x], { axis: 1 })],
    ['Softmax over the default axis', 12, (b, x) => b.op('Softmax', [x])],
    ['LogSoftmax over several axes', 11, (b, x) => b.op('LogSoftmax', [x], { axis: 1 })],
    ['Clip by attributes', 10, (b, x) => b.op('Clip', [x], { min: number(-0.5), max: number(0.25) })],
    ['Clip by one attribute', 8, (b, x) => b.op('Clip', [x], { max: number(0.25) })],
    ['Clip by inputs', 11, (b, x) => b.op('Clip', [x, b.float([], [-0.5])])],
    ['Pad by attributes', 10, (b, x) => b.op('Pad', [x], { pads: [0, 1, 0, 0, 0, 2], value: number(7) })],
    ['Slice by attributes', 9, (b, x) => b.op('Slice', [x], { axes: [2], starts: [1], ends: [-1] })],
    ['Slice of the first axes', 9, (b, x) => b.op('Slice', [x], { starts: [0, 1], ends: [1, 3] })],
    ['Dropout with a ratio', 11, (b, x) => b.op('Dropout', [x], { ratio: number(0.5) })],
  ])('keeps what %s of operator set %i computes', async (_title, opset, make) => {
    const before = build(make).model({ '': opset })
    const { model } = runPasses(before, [raiseOpset])
    expect(model.opsets.get('')).toBe(21)
    const [expected, actual] = [await runModel(before, { x }), await runModel(model, { x })]
    expect(actual).toEqual(expected)
  })

  it.each<readonly [string, number, Readonly<Record<string, readonly number[]>>]>([
    ['by sizes', 11, { split: [1, 3] }],
    ['in equal parts', 14, {}],
  ])('keeps what a Split %s computes', async (_title, opset, attributes) => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 'b', 4])
    builder.add(node('Split', ['x'], ['first', 'second'], { axis: -1, ...attributes }))
    builder.output('first')
    builder.output('second')
    const before = builder.model({ '': opset })
    const { model } = runPasses(before, [raiseOpset])
    expect(await runModel(model, { x })).toEqual(await runModel(before, { x }))
  })

  it('raises what is inside branches', async () => {
    const inner = build((b, value) => b.op('ReduceSum', [value], { axes: [1], keepdims: 0 })).model().graph
    const branch = { kind: 'graph', value: { ...inner, inputs: [] } } as const
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 'b', 4])
    const condition = builder.constant({ name: 'yes', elementType: 'bool', dims: [], storage: { kind: 'bytes', bytes: Uint8Array.of(1) } })
    builder.output(builder.op('If', [condition], { then_branch: branch, else_branch: branch }))
    const before = builder.model({ '': 11 })
    const { model } = runPasses(before, [raiseOpset])
    expect(await runModel(model, { x })).toEqual(await runModel(before, { x }))
  })

  it('leaves new files, and stays below a change that it does not know', () => {
    const new23 = build((b, value) => b.op('Neg', [value])).model({ '': 23 })
    expect(runPasses(new23, [raiseOpset]).model).toBe(new23)
    const grid = build((b, value) => b.op('GridSample', [value, value])).model({ '': 16 })
    expect(runPasses(grid, [raiseOpset]).model.opsets.get('')).toBe(19)
  })

  it('does not lower rows of a Softmax that is over the last axis', () => {
    const { graph } = runPasses(build((b, value) => b.op('Softmax', [value], { axis: 2 })).model({ '': 11 }), [raiseOpset]).model
    expect(graph.nodes.map(operatorOf)).toEqual(['Softmax'])
  })
})
