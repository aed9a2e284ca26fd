// How operators are written anew when a version changed their form: a row for each, an entry for each change.

import { float32Constant, int64Constant } from '../ir/constant.ts'
import { type GraphNode, type Initializer, intAttribute, intsAttribute } from '../ir/graph.ts'
import type { Facts } from '../shapes/facts.ts'

interface Raised {
  readonly nodes: readonly GraphNode[]
  readonly initializers?: readonly Initializer[]
}

export interface Setting {
  readonly facts: (value: string) => Facts
  /** A name that nothing in the model has. */
  name(stem: string): string
}

/** The node in the form of `since`; the node is in the form before it. */
interface Conversion {
  readonly since: number
  convert(node: GraphNode, setting: Setting): Raised
}

const toInput = (since: number, attribute: string, place: number): Conversion => ({
  since,
  convert(node, setting) {
    const values = intsAttribute(node, attribute)
    return values === null
      ? { nodes: [node] }
      : withInputs(node, [attribute], [[place, int64Constant(setting.name(attribute), [values.length], values)]])
  },
})

const slice: Conversion = {
  since: 10,
  convert(node, setting) {
    const starts = intsAttribute(node, 'starts') ?? []
    const parts: readonly (readonly [string, readonly number[]])[] = [
      ['starts', starts],
      ['ends', intsAttribute(node, 'ends') ?? []],
      ['axes', intsAttribute(node, 'axes') ?? Array.from(starts.keys())],
    ]
    const constants = parts.map(([name, values], at) => [at + 1, int64Constant(setting.name(name), [values.length], values)] as const)
    return withInputs(node, ['starts', 'ends', 'axes'], constants)
  },
}

const clip: Conversion = {
  since: 11,
  convert(node, setting) {
    const bounds = ['min', 'max'].flatMap((name, at) => {
      const bound = node.attributes.get(name)
      return bound?.kind === 'float' ? [[at + 1, float32Constant(setting.name(name), [], [bound.value])] as const] : []
    })
    return withInputs(node, ['min', 'max'], bounds)
  },
}

const pad: Conversion = {
  since: 11,
  convert(node, setting) {
    const pads = intsAttribute(node, 'pads') ?? []
    const value = node.attributes.get('value')
    const filling = float32Constant(setting.name('value'), [], [value?.kind === 'float' ? value.value : 0])
    return withInputs(
      node,
      ['pads', 'value'],
      [
        [1, int64Constant(setting.name('pads'), [pads.length], pads)],
        [2, filling],
      ],
    )
  },
}

/** The ratio says nothing when nothing is trained. */
const dropout: Conversion = { since: 12, convert: (node) => withInputs(node, ['ratio', 'is_test'], []) }

/** Before, all axes from the given one on counted as one row. */
const oldSoftmax: Conversion = {
  since: 13,
  convert(node, setting) {
    const axis = intAttribute(node, 'axis', 1)
    const [input = ''] = node.inputs
    const rank = setting.facts(input).dims?.length ?? null
    if (axis === -1 || axis + 1 === rank) return { nodes: [withAttribute(node, 'axis', -1)] }
    const [shape, flat, rows] = ['shape', 'flat', 'rows'].map((stem) => setting.name(stem))
    if (shape === undefined || flat === undefined || rows === undefined) return { nodes: [node] }
    return {
      nodes: [
        plain('Shape', [input], shape),
        withAttribute(plain('Flatten', [input], flat), 'axis', axis),
        { ...withAttribute(node, 'axis', -1), inputs: [flat], outputs: [rows] },
        plain('Reshape', [rows, shape], node.outputs[0] ?? ''),
      ],
    }
  },
}

/** Parts of equal size need their number said. */
const split: Conversion = {
  since: 18,
  convert: (node) => ({ nodes: [(node.inputs[1] ?? '') === '' ? withAttribute(node, 'num_outputs', node.outputs.length) : node] }),
}

const REDUCTIONS = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'].map((kind) => `Reduce${kind}`)

/** By operator of ai.onnx, oldest change first. */
export const CONVERSIONS: ReadonlyMap<string, readonly Conversion[]> = new Map<string, readonly Conversion[]>([
  ['Slice', [slice]],
  ['Clip', [clip]],
  ['Pad', [pad]],
  ['Dropout', [dropout]],
  ['Softmax', [oldSoftmax]],
  ['LogSoftmax', [oldSoftmax]],
  ['Squeeze', [toInput(13, 'axes', 1)]],
  ['Unsqueeze', [toInput(13, 'axes', 1)]],
  ['ReduceSum', [toInput(13, 'axes', 1)]],
  ['Split', [toInput(13, 'split', 1), split]],
  ...REDUCTIONS.map((operator) => [operator, [toInput(18, 'axes', 1)]] as const),
])

function withInputs(node: GraphNode, without: readonly string[], constants: readonly (readonly [number, Initializer])[]): Raised {
  const attributes = new Map(Array.from(node.attributes).filter(([name]) => !without.includes(name)))
  const inputs = [...node.inputs]
  for (const [place, constant] of constants) {
    while (inputs.length < place) inputs.push('')
    inputs[place] = constant.name
  }
  return { nodes: [{ ...node, inputs, attributes }], initializers: constants.map(([, constant]) => constant) }
}

function withAttribute(node: GraphNode, name: string, value: number): GraphNode {
  return { ...node, attributes: new Map(node.attributes).set(name, { kind: 'int', value: BigInt(value) }) }
}

function plain(opType: string, inputs: readonly string[], output: string): GraphNode {
  return { name: '', opType, domain: '', inputs, outputs: [output], attributes: new Map() }
}
