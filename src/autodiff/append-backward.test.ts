import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import type { Model } from '#graph/ir/graph'
import { runPasses } from '#graph/rewrite/rewrite'
import { ModelBuilder } from '#graph/testing/build'
import { floatToHalf } from '#tensor/half'
import { sizeOf } from '#tensor/tensor'
import { appendBackward } from './append-backward.ts'
import { GradientError } from './gradient-error.ts'

const OPSETS = { '': 21, 'com.microsoft': 1 }

/** The gradient of a value's elements' sum. */
function backward(model: Model, target: string, wanted: readonly string[]) {
  const ones = {
    value: target,
    emit: (to: Parameters<Parameters<typeof appendBackward>[1][number]['emit']>[0]) =>
      to.op('Expand', [to.real('float32', [1]), to.op('Shape', [target])]),
  }
  return appendBackward(model, [ones], wanted)
}

async function gradientsOf(model: Model, target: string, wanted: readonly string[], feeds: Parameters<typeof runModel>[1]) {
  const { model: made, gradients } = backward(model, target, wanted)
  const outputs = wanted.map((value) => ({ name: gradients.get(value) ?? '', elementType: 'float32' as const, dims: null }))
  // A pass without work: the specification is checked behind it.
  const { model: checked } = runPasses({ ...made, graph: { ...made.graph, outputs } }, [
    { name: 'test', run: (same) => ({ model: same, changes: [] }) },
  ])
  const results = await runModel(checked, feeds)
  return outputs.map(({ name }) => Array.from(results[name]?.data ?? []))
}

function faultOf(run: () => unknown): GradientError['fault'] | null {
  try {
    run()
  } catch (error) {
    if (error instanceof GradientError) return error.fault
    throw error
  }
  return null
}

describe('appendBackward', () => {
  it('differentiates nothing that is not between the wanted values and the target', () => {
    const b = new ModelBuilder()
    const x = b.input('x', 'float32', ['n'])
    const before = b.op('Det', [x])
    const wanted = b.op('Mul', [x, before])
    const target = b.op('Tanh', [wanted])
    b.output(target)
    b.output(b.op('Det', [target]))
    const { added } = backward(b.model(OPSETS), target, [wanted])
    expect(added).toBeLessThan(10)
    expect(faultOf(() => backward(b.model(OPSETS), target, [x]))).toEqual({ kind: 'no-gradient-rule', operators: ['Det'] })
  })

  it('names every operator without a rule at once', () => {
    const b = new ModelBuilder()
    const x = b.input('x', 'float32', ['n', 'n'])
    const target = b.op('Mul', [b.op('Det', [x]), b.op('com.microsoft:Inverse', [x])])
    b.output(target)
    expect(faultOf(() => backward(b.model(OPSETS), target, [x]))).toEqual({
      kind: 'no-gradient-rule',
      operators: ['Det', 'com.microsoft:Inverse'],
    })
  })

  it('says which form of an operator has no gradient', () => {
    const b = new ModelBuilder()
    const x = b.input('x', 'float32', ['n'])
    const target = b.op('Pad', [x, b.int64([2], [1, 1])], { mode: { kind: 'string', value: 'reflect' } })
    b.output(target)
    expect(faultOf(() => backward(b.model(OPSETS), target, [x]))).toMatchObject({
      kind: 'no-gradient-form',
      operator: 'Pad',
      part: 'the mode reflect',
    })
  })

  it('refuses operator sets that its own operators do not fit', () => {
    const b = new ModelBuilder()
    const target = b.output(b.op('Tanh', [b.input('x', 'float32', ['n'])]))
    expect(faultOf(() => backward(b.model({ '': 13 }), target, ['x']))).toEqual({ kind: 'old-operators', version: 13, needed: 18 })
  })

  it('leaves integers and shapes alone', async () => {
    const b = new ModelBuilder()
    const x = b.input('x', 'float32', ['n'])
    const places = b.op('Cast', [b.op('Mul', [x, b.float([], [10])])], { to: 7 })
    const length = b.op('Cast', [b.op('Shape', [x])], { to: 1 })
    const target = b.op('Mul', [b.op('Mul', [x, length]), b.op('Cast', [b.op('Add', [places, b.int64([], [1])])], { to: 1 })])
    b.output(target)
    // 3 x (1 + floor of 10 x): the floor and the count are constants of the derivative.
    const feeds = { x: { dims: [3], data: Float32Array.of(0.15, 0.25, 0.35) } }
    expect(await gradientsOf(b.model(OPSETS), target, ['x'], feeds)).toEqual([[6, 9, 12]])
  })

  it('gives zeros for what the target does not depend on, and the seed itself for the target', async () => {
    const b = new ModelBuilder()
    const [x, y] = [b.input('x', 'float32', ['n']), b.input('y', 'float32', ['m'])]
    const target = b.op('Tanh', [x])
    b.output(target)
    b.output(b.op('Tanh', [y]))
    const feeds = { x: floats([2]), y: floats([3]) }
    expect(await gradientsOf(b.model(OPSETS), target, ['y', target], feeds)).toEqual([
      [0, 0, 0],
      [1, 1],
    ])
  })

  it('counts paths through a wanted value in the gradient of what comes before it', async () => {
    const b = new ModelBuilder()
    const x = b.input('x', 'float32', ['n'])
    const middle = b.op('Mul', [x, b.float([], [3])])
    const target = b.op('Add', [b.op('Mul', [middle, middle]), middle])
    b.output(target)
    const feeds = { x: { dims: [1], data: Float32Array.of(2) } }
    // target = (3 x)^2 + 3 x at x = 2
    expect(await gradientsOf(b.model(OPSETS), target, [middle, 'x'], feeds)).toEqual([[13], [39]])
  })

  it('sums in float32 where the graph computes in float16', async () => {
    const b = new ModelBuilder()
    const x = b.input('x', 'float16', ['n', 4])
    const dims = [4, 512]
    const halves = Uint16Array.from({ length: sizeOf(dims) }, (_, at) => floatToHalf(at % 2 === 0 ? 1 : 1 / 1024))
    const weight = b.constant({
      name: 'half',
      elementType: 'float16',
      dims,
      storage: { kind: 'bytes', bytes: new Uint8Array(halves.buffer) },
    })
    const target = b.op('Cast', [b.op('MatMul', [x, weight])], { to: 1 })
    b.output(target)
    const feeds = { x: { dims: [1, 4], data: new Uint16Array(4).fill(floatToHalf(1)), type: 'float16' as const } }
    // 256 ones and 256 / 1024: float16 has no 256.25.
    expect(await gradientsOf(b.model(OPSETS), target, ['x'], feeds)).toEqual([[256.25, 256.25, 256.25, 256.25]])
  })
})
