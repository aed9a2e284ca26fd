// Old operator versions are written anew, so that everything after this pass knows one version. A file that is newer stays as it is:
// nothing that transformers use changed its meaning since.

import { type Attribute, type Graph, type GraphNode, type Model, subgraphsOf } from '../ir/graph.ts'
import { dropUnusedInitializers, type Pass } from '../rewrite/rewrite.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { CONVERSIONS, type Setting } from './opset-conversions.ts'

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

export const raiseOpset: Pass = {
  name: 'raise-opset',
  run(model) {
    const from = model.opsets.get('')
    const to = from === undefined ? 0 : reachable(model, from)
    if (from === undefined || to <= from || from < OLDEST_OPSET) return { model, changes: [] }
    const facts = inferShapes(model.graph)
    const prefix = unusedPrefix(model.graph)
    let made = 0
    const setting: Setting = { facts, name: (stem) => `${prefix}${stem}_${made++}` }
    const graph = dropUnusedInitializers(raise(model.graph, from, to, setting))
    const opsets = new Map(model.opsets).set('', to)
    return { model: { ...model, opsets, graph }, changes: [`operator set ${from} -> ${to}`] }
  },
}

/** Whether a node means the same in two versions of its operator set. */
export function isSameBetween({ opType, domain }: GraphNode, one: number, other: number): boolean {
  const [from, to] = [Math.min(one, other), Math.max(one, other)]
  if (from === to) return true
  if (domain !== '' || from < OLDEST_OPSET) return false
  const changes = [...(CONVERSIONS.get(opType) ?? []).map(({ since }) => since), CHANGED.get(opType) ?? 0]
  return changes.every((since) => since <= from || since > to)
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
