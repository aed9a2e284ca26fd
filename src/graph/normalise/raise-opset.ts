// Old operator versions are written anew, so that everything after this pass knows one version. A file that is newer stays as it is:
// nothing that transformers use changed its meaning since.

import { float32Constant, int64Constant } from '../constant.ts'
import type { Attribute, Graph, GraphNode, Initializer, Model } from '../graph.ts'
import { intAttribute, intsAttribute, subgraphsOf } from '../graph.ts'
import { dropUnusedInitializers, type Pass } from '../rewrite.ts'
import type { Facts } from './shapes/facts.ts'
import { inferShapes } from './shapes/infer-shapes.ts'

/** The first version with blocked DequantizeLinear, which 4-bit weights need. */
const WORKING_OPSET = 21
/** Below it operators broadcast by attributes; no exporter of transformers wrote such files. */
const OLDEST_OPSET = 7

/** Versions at which an operator changed in a way that is not converted here: the model stays below. */
const CHANGED: ReadonlyMap<string, number> = new Map([
  ['Upsample', 9],
  ['Resize', 11],
  ['TopK', 10],
  ['Hardmax', 13],
  ['RoiAlign', 16],
  ['GridSample', 20],
  ['DFT', 20],
  ['GroupNormalization', 21],
])

interface Raised {
  readonly nodes: readonly GraphNode[]
  readonly initializers?: readonly Initializer[]
}

interface Setting {
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

const CONVERSIONS: ReadonlyMap<string, readonly Conversion[]> = new Map<string, readonly Conversion[]>([
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

export const raiseOpset: Pass = {
  name: 'raise-opset',
  run(model) {
    const from = model.opsets.get('')
    const to = from === undefined ? 0 : reachable(model, from)
    // Functions of the file bring their own version, which the runtime wants to be the model's.
    if (from === undefined || to <= from || from < OLDEST_OPSET || model.functions.size > 0) return { model, changes: [] }
    const facts = inferShapes(model.graph)
    const prefix = unusedPrefix(model.graph)
    let made = 0
    const setting: Setting = { facts, name: (stem) => `${prefix}${stem}_${made++}` }
    const graph = dropUnusedInitializers(raise(model.graph, from, to, setting))
    const opsets = new Map(model.opsets).set('', to)
    return { model: { ...model, opsets, graph }, changes: [`operator set ${from} -> ${to}`] }
  },
}

function unusedPrefix(graph: Graph): string {
  let prefix = 'raised_'
  const begins = (inside: Graph): boolean =>
    [...inside.inputs, ...inside.initializers].some(({ name }) => name.startsWith(prefix)) ||
    inside.nodes.some((node) => node.outputs.some((output) => output.startsWith(prefix)) || subgraphsOf(node).some(begins))
  while (begins(graph)) prefix = `_${prefix}`
  return prefix
}

/** The highest version up to the working one that every operator can be brought to. */
function reachable(model: Model, from: number): number {
  let highest = WORKING_OPSET
  const visit = (graph: Graph): void => {
    for (const node of graph.nodes) {
      const changed = node.domain === '' ? CHANGED.get(node.opType) : undefined
      if (changed !== undefined && changed > from) highest = Math.min(highest, changed - 1)
      for (const subgraph of subgraphsOf(node)) visit(subgraph)
    }
  }
  visit(model.graph)
  return highest
}

function raise(graph: Graph, from: number, to: number, setting: Setting): Graph {
  const initializers = [...graph.initializers]
  const nodes = graph.nodes.flatMap((node) => {
    let current: readonly GraphNode[] = [withSubgraphs(node, from, to, setting)]
    for (const { since, convert } of node.domain === '' ? (CONVERSIONS.get(node.opType) ?? []) : []) {
      if (since <= from || since > to) continue
      current = current.flatMap((before) => {
        const raised = before.opType === node.opType ? convert(before, setting) : { nodes: [before] }
        initializers.push(...(raised.initializers ?? []))
        return raised.nodes
      })
    }
    return current
  })
  return { ...graph, nodes, initializers }
}

function withSubgraphs(node: GraphNode, from: number, to: number, setting: Setting): GraphNode {
  if (subgraphsOf(node).length === 0) return node
  const raised = Array.from(node.attributes, ([name, attribute]): readonly [string, Attribute] => [
    name,
    attribute.kind === 'graph' ? { ...attribute, value: raise(attribute.value, from, to, setting) } : attribute,
  ])
  return { ...node, attributes: new Map(raised) }
}

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
