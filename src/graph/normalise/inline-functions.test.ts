// What a file defines itself computes the same once it is inlined, and the definitions are gone.

import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import { GraphError } from '../ir/errors.ts'
import type { Graph, GraphNode } from '../ir/graph.ts'
import { assertValid } from '../ir/spec.ts'
import { prepareModel } from '../prepare.ts'
import { readModel } from '../proto/read.ts'
import { writeModel } from '../proto/write.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { oddTransformer } from '../testing/odd-transformer.ts'
import { type BuiltFunction, reference, withFunctions } from '../testing/with-functions.ts'
import { inlineFunctions } from './inline-functions.ts'
import { renameShadows } from './rename-shadows.ts'

const X = { x: floats([2, 3]) }
const OPSETS = { '': 18, own: 1 }

const real = (value: number) => ({ kind: 'float', value }) as const
const graphAttribute = (value: Graph) => ({ kind: 'graph', value }) as const
const inner = (nodes: readonly GraphNode[], output: string): Graph => ({
  name: 'inner',
  nodes,
  initializers: [],
  inputs: [],
  outputs: [{ name: output, elementType: 'float32', dims: null }],
  valueInfo: [],
})

function own(name: string, inputs: readonly string[], outputs: readonly string[], nodes: readonly GraphNode[]): BuiltFunction {
  return { domain: 'own', name, inputs, outputs, nodes, opsets: OPSETS }
}

/** x -> a Constant of the attribute `by` times x */
const scale: BuiltFunction = {
  ...own(
    'Scale',
    ['x'],
    ['y'],
    [node('Constant', [], ['factor'], { value_float: reference('by', 'FLOAT') }), node('Mul', ['x', 'factor'], ['y'])],
  ),
  defaults: { by: real(3) },
}
const twice = own(
  'Twice',
  ['a'],
  ['y'],
  [node('own:Scale', ['a'], ['factor'], { by: reference('by', 'FLOAT') }), node('own:Scale', ['factor'], ['y'])],
)
const limit = own(
  'Limit',
  ['x', 'low', 'high'],
  ['y', 'sum'],
  [node('Clip', ['x', 'low', 'high'], ['y']), node('ReduceSum', ['y'], ['sum'])],
)
const same = own('Same', ['x'], ['x', 'z', 'z2'], [node('Neg', ['x'], ['z']), node('Identity', ['z'], ['z2'])])
const choose = own(
  'Choose',
  ['x'],
  ['y'],
  [
    node('ReduceSum', ['x'], ['sum'], { keepdims: 0 }),
    node('Sub', ['sum', 'sum'], ['none']),
    node('Greater', ['sum', 'none'], ['positive']),
    node('If', ['positive'], ['y'], {
      then_branch: graphAttribute(inner([node('own:Scale', ['x'], ['t'], { by: real(2) })], 't')),
      else_branch: graphAttribute(inner([node('Add', ['x', 'sum'], ['t'])], 't')),
    }),
  ],
)
const branches = own(
  'Branches',
  ['x', 'condition'],
  ['y'],
  [node('If', ['condition'], ['y'], { then_branch: reference('first', 'GRAPH'), else_branch: reference('second', 'GRAPH') })],
)
const gelu: BuiltFunction = {
  ...own('Gelu', ['x', 'row'], ['y'], [node('com.microsoft:BiasGelu', ['x', 'row'], ['y'])]),
  opsets: { ...OPSETS, 'com.microsoft': 1 },
}
const overload = (name: string, opType: string): BuiltFunction => ({
  ...own('Over', ['x'], ['y'], [node(opType, ['x'], ['y'])]),
  overload: name,
})
const isTrue = (b: ModelBuilder, value: number) => b.op('Cast', [b.int64([], [value])], { to: 9 })

type Build = (b: ModelBuilder, x: string) => string

/** What onnxruntime runs as it is, too. */
const RUNNABLE: readonly (readonly [title: string, functions: readonly BuiltFunction[], build: Build])[] = [
  ['a call with an attribute', [scale], (b, x) => b.op('own:Scale', [x], { by: real(0.5) })],
  ['a default in place of an attribute', [scale], (b, x) => b.op('own:Scale', [x])],
  ['calls inside calls', [twice, scale], (b, x) => b.op('own:Twice', [x], { by: real(-2) })],
  ['two calls of one function', [scale], (b, x) => b.op('own:Scale', [b.op('own:Scale', [x])], { by: real(5) })],
  [
    'names inside that are taken outside',
    [scale],
    (b, x) => {
      b.add(node('Neg', [x], ['factor']))
      b.add(node('own:Scale', ['factor'], ['y']))
      return b.op('Add', ['y', 'factor'])
    },
  ],
  [
    'an output left out',
    [limit],
    (b, x) => {
      b.add(node('own:Limit', [x, b.float([], [0])], ['', 'total']))
      return 'total'
    },
  ],
  ['a branch inside a function', [choose, scale], (b, x) => b.op('Add', [b.op('own:Choose', [x]), b.op('own:Choose', [b.op('Neg', [x])])])],
  [
    'a call inside a branch',
    [scale],
    (b, x) =>
      b.op('If', [isTrue(b, 1)], {
        then_branch: graphAttribute(inner([node('own:Scale', [x], ['t'])], 't')),
        else_branch: graphAttribute(inner([node('Neg', [x], ['t'])], 't')),
      }),
  ],
]

/** What its checks of functions do not allow: the plain graph says what is meant. */
const OTHERS: readonly (readonly [title: string, functions: readonly BuiltFunction[], build: Build, plain: Build])[] = [
  [
    'an input left out',
    [limit],
    (b, x) => b.op('own:Limit', [x, '', b.float([], [0.25])]),
    (b, x) => b.op('Clip', [x, '', b.float([], [0.25])]),
  ],
  [
    'inputs left out at the end',
    [limit],
    (b, x) => b.op('own:Limit', [x, b.float([], [0])]),
    (b, x) => b.op('Clip', [x, b.float([], [0])]),
  ],
  [
    'an input given back, and a value under two names',
    [same],
    (b, x) => {
      b.add(node('own:Same', [x], ['first', 'second', 'third']))
      return b.op('Sub', [b.op('Mul', ['first', 'second']), 'third'])
    },
    (b, x) => b.op('Sub', [b.op('Mul', [x, b.op('Neg', [x])]), b.op('Neg', [x])]),
  ],
  [
    'branches that the call gives',
    [branches],
    (b, x) => {
      const y = b.op('Exp', [x])
      return b.op('own:Branches', [x, isTrue(b, 0)], {
        first: graphAttribute(inner([node('Neg', [y], ['x_'])], 'x_')),
        second: graphAttribute(inner([node('Add', [y, x], ['x_'])], 'x_')),
      })
    },
    (b, x) => b.op('Add', [b.op('Exp', [x]), x]),
  ],
  [
    'operators of a domain that only the function imports',
    [gelu],
    (b, x) => b.op('own:Gelu', [x, b.float([3], [1, 2, 3])]),
    (b, x) => b.op('com.microsoft:BiasGelu', [x, b.float([3], [1, 2, 3])]),
  ],
  [
    'functions of one name',
    [overload('abs', 'Abs'), overload('neg', 'Neg')],
    (b, x) => {
      b.add({ ...node('own:Over', [x], ['first']), overload: 'neg' })
      b.add({ ...node('own:Over', ['first'], ['second']), overload: 'abs' })
      return b.op('Add', ['first', 'second'])
    },
    (b, x) => b.op('Add', [b.op('Neg', [x]), b.op('Abs', [x])]),
  ],
  [
    'other operator sets in which the operators are the same',
    [{ ...scale, opsets: { '': 14 } }],
    (b, x) => b.op('own:Scale', [x]),
    (b, x) => b.op('Mul', [x, b.float([], [3])]),
  ],
]

const REFUSED: readonly (readonly [title: string, functions: readonly BuiltFunction[], part: string])[] = [
  ['itself', [own('F', ['x'], ['y'], [node('own:F', ['x'], ['y'])])], 'a definition that uses itself'],
  [
    'itself through another',
    [own('F', ['x'], ['y'], [node('own:G', ['x'], ['y'])]), own('G', ['x'], ['y'], [node('own:F', ['x'], ['y'])])],
    'a definition that uses itself',
  ],
  [
    'operators that mean something else in the model',
    [{ ...own('F', ['x'], ['y'], [node('Softmax', ['x'], ['y'])]), opsets: { '': 12 } }],
    'a definition with Softmax of operator set 12, where the model has 18',
  ],
]

function fileOf(functions: readonly BuiltFunction[], build: Build): Uint8Array {
  const b = new ModelBuilder()
  b.output(build(b, b.input('x', 'float32', [2, 3])))
  return withFunctions(b.bytes(OPSETS), functions)
}

function inlined(file: Uint8Array) {
  const { model } = inlineFunctions.run(readModel(file).model)
  return renameShadows.run(model).model
}

const outputOf = async (...args: Parameters<typeof runModel>) => Object.values(await runModel(...args))[0]

describe('functions of a file', () => {
  it.each(RUNNABLE)('are inlined: %s', async (_title, functions, build) => {
    const file = fileOf(functions, build)
    const model = inlined(file)
    assertValid(model, null)
    expect([model.functions.size, Array.from(model.opsets.keys())]).toEqual([0, ['']])
    const before = await outputOf(readModel(file).model, X)
    expect(before?.data.some((value) => value !== 0)).toBe(true)
    expect(await outputOf(model, X)).toEqual(before)
  })

  it.each(OTHERS)('are inlined: %s', async (_title, functions, build, plain) => {
    const model = inlined(fileOf(functions, build))
    assertValid(model, null)
    expect(model.functions.size).toBe(0)
    const b = new ModelBuilder()
    b.output(plain(b, b.input('x', 'float32', [2, 3])))
    expect(await outputOf(model, X)).toEqual(await outputOf(b.model({ '': 18, 'com.microsoft': 1 }), X))
  })

  it.each(REFUSED)('are refused where one uses %s', (_title, functions, part) => {
    const file = fileOf(functions, (b, x) => b.op('own:F', [x]))
    expect(faultOf(() => inlined(file))).toMatchObject({ kind: 'unsupported-form', operator: 'own:F', part })
  })

  it('are refused where there would be too many nodes', () => {
    const level = (name: string, of: string) =>
      own(
        name,
        ['x'],
        ['y'],
        Array.from({ length: 40 }, (_, at) => node(of, [at ? `v${at}` : 'x'], [at < 39 ? `v${at + 1}` : 'y'])),
      )
    const file = fileOf([level('A', 'own:B'), level('B', 'own:C'), level('C', 'own:D'), level('D', 'Neg')], (b, x) => b.op('own:A', [x]))
    expect(faultOf(() => inlined(file))).toMatchObject({ kind: 'graph-too-large', what: 'nodes' })
  })

  it('are refused where calls go too deep, whichever is called first', () => {
    const deep = Array.from({ length: 100 }, (_, at) =>
      own(`F${at}`, ['x'], ['y'], [node(at < 99 ? `own:F${at + 1}` : 'Neg', ['x'], ['y'])]),
    )
    const calls = (order: readonly number[]) => fileOf(deep, (b, x) => order.reduce((value, at) => b.op(`own:F${at}`, [value]), x))
    const fault = { kind: 'graph-too-large', what: 'subgraph-depth' }
    expect(faultOf(() => inlined(calls([0])))).toMatchObject(fault)
    expect(faultOf(() => inlined(calls([60, 30, 0])))).toMatchObject(fault)
    expect(faultOf(() => inlined(calls([60])))).toBeNull()
  })

  it('are judged by their own operators', () => {
    const file = fileOf([{ ...own('F', ['x'], ['y'], [node('strange:Op', ['x'], ['y'])]), opsets: { '': 18, strange: 1 } }], (b, x) =>
      b.op('own:F', [x]),
    )
    expect(faultOf(() => prepareModel(file))).toMatchObject({ kind: 'unknown-operator', operator: 'strange:Op' })
  })

  it('may hold a whole transformer', () => {
    const { builder, probabilities, hiddenStates } = oddTransformer({})
    const model = builder.model({ '': 17 })
    const { nodes, initializers, inputs, outputs } = model.graph
    const names = [...inputs, ...initializers].map(({ name }) => name)
    const answer = outputs.map(({ name }) => name)
    const called = {
      ...model,
      opsets: new Map([
        ['', 17],
        ['own', 1],
      ]),
      graph: { ...model.graph, nodes: [node('own:Net', names, answer)] },
    }
    const net = { ...own('Net', names, answer, nodes), opsets: { '': 17 } }
    const prepared = prepareModel(withFunctions(writeModel(called), [net]))
    const plain = prepareModel(builder.bytes())
    expect(prepared.passes[0]).toEqual({ pass: 'inline-functions', changes: ['own:Net: 1'] })
    expect(prepared.outputs.attentions).toHaveLength(probabilities.length)
    expect(prepared.outputs.hiddenStates).toHaveLength(hiddenStates.length)
    expect([prepared.task, prepared.heads, prepared.vocabulary]).toEqual([plain.task, plain.heads, plain.vocabulary])
  })
})

function faultOf(run: () => unknown): unknown {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof GraphError ? error.fault : error
  }
}
