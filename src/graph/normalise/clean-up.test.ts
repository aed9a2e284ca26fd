// The passes that only take away: copies, guards, constant expressions.

import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import { numbersOf } from '../ir/constant.ts'
import { operatorOf } from '../ir/graph.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { dropCopies } from './drop-copies.ts'
import { dropGuards } from './drop-guards.ts'
import { foldConstants } from './fold-constants.ts'

const x = floats([2, 3])

describe('dropCopies', () => {
  it('removes what only copies, and keeps outputs', async () => {
    const builder = new ModelBuilder()
    const start = builder.op('Identity', [builder.input('x', 'float32', ['a', 'b'])])
    const cast = builder.op('Cast', [builder.op('Dropout', [start])], { to: 1 })
    builder.output(builder.op('Neg', [builder.op('Concat', [cast], { axis: 0 })]))
    builder.output(builder.op('Identity', [start]))
    const before = builder.model()
    const { model } = runPasses(before, [dropCopies])
    expect(model.graph.nodes.map(operatorOf)).toEqual(['Neg', 'Identity'])
    expect(await runModel(model, { x })).toEqual(await runModel(before, { x }))
  })

  it('keeps casts to another type, a mask of Dropout that is used, and Dropout in training', () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 'b'])
    builder.output(builder.op('Cast', [builder.op('Cast', ['x'], { to: 7 })], { to: 1 }))
    builder.add(node('Dropout', ['x'], ['kept', 'mask']))
    builder.output(builder.op('Cast', ['mask'], { to: 1 }))
    builder.output(builder.op('Neg', ['kept']))
    const training = builder.constant({ name: 'on', elementType: 'bool', dims: [], storage: { kind: 'bytes', bytes: Uint8Array.of(1) } })
    builder.output(builder.op('Neg', [builder.op('Dropout', ['x', '', training])]))
    const before = builder.model()
    expect(runPasses(before, [dropCopies]).model).toBe(before)
  })
})

describe('dropGuards', () => {
  const guarded = (test: string, replacement: readonly number[]) => {
    const builder = new ModelBuilder()
    const softmax = builder.op('Softmax', [builder.input('x', 'float32', ['a', 'b'])], { axis: -1 })
    const condition = builder.op('IsNaN', [test === 'itself' ? softmax : 'x'])
    builder.output(builder.op('Neg', [builder.op('Where', [condition, builder.float([], replacement), softmax])]))
    return builder.model()
  }

  it('takes the Softmax where 0 would replace NaN, and says what was given up', async () => {
    const before = guarded('itself', [0])
    const { model, records } = runPasses(before, [dropGuards])
    expect(model.graph.nodes.map(operatorOf)).toContain('Neg')
    expect(model.graph.nodes.map(operatorOf)).not.toContain('Where')
    expect(records[0]?.changes[0]).toContain('everything is masked')
    expect(await runModel(model, { x })).toEqual(await runModel(before, { x }))
  })

  it.each([
    ['of another value', guarded('other', [0])],
    ['with something else than 0', guarded('itself', [1])],
  ])('keeps a guard %s', (_title, before) => {
    expect(runPasses(before, [dropGuards]).model).toBe(before)
  })
})

describe('foldConstants', () => {
  it('computes shapes that are the same for every input, and what follows', async () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 3])
    const width = builder.op('Gather', [builder.op('Shape', ['x']), builder.int64([1], [1])])
    const scale = builder.op('Sqrt', [builder.op('Cast', [width], { to: 1 })])
    builder.output(
      builder.op('Div', [builder.op('Reshape', ['x', builder.op('Concat', [builder.int64([1], [-1]), width], { axis: 0 })]), scale]),
    )
    const before = builder.model()
    const { model } = runPasses(before, [foldConstants])
    expect(model.graph.nodes.map(operatorOf)).toEqual(['Shape', 'Reshape', 'Div'])
    expect(model.graph.initializers.map((constant) => Array.from(numbersOf(constant) ?? []))).toContainEqual([Math.fround(Math.sqrt(3))])
    expect(await runModel(model, { x })).toEqual(await runModel(before, { x }))
  })

  it('leaves outputs, and integers that a double does not hold', () => {
    const builder = new ModelBuilder()
    const last = builder.constant({
      name: 'last',
      elementType: 'int64',
      dims: [1],
      storage: { kind: 'bytes', bytes: new Uint8Array(BigInt64Array.of(2n ** 63n - 1n).buffer) },
    })
    builder.output(builder.op('Add', [builder.float([1], [1]), builder.float([1], [2])]))
    builder.output(builder.op('Neg', [builder.op('Cast', [builder.op('Unsqueeze', [last, builder.int64([1], [0])])], { to: 1 })]))
    const operators = runPasses(builder.model(), [foldConstants]).model.graph.nodes.map(operatorOf)
    expect(operators).toEqual(['Add', 'Unsqueeze', 'Neg'])
  })
})
