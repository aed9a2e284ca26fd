// A part of the graph in the branch of an If, run on demand. The rest runs as before, and both use one copy of the weights.

import type { Attribute, Graph, GraphNode, ValueInfo } from '../ir/graph.ts'
import { type FreeName, freeNames } from '../ir/names.ts'
import { type Instrument, type Instrumented, type Port, portInfo } from './instrument.ts'

export interface ConditionalBranch extends Instrumented<{ readonly condition: Port }> {
  /** Outputs of the graph by the values of the part that they give; where the branch is not run they are empty. */
  readonly outputs: ReadonlyMap<string, string>
}

/**
 * Moves nodes into a branch that runs where the condition, bool [1], is fed as true. Their constants stay outside: the runtime finds weights
 * that are not in the file only there.
 * @param part nodes that no others depend on
 * @param values float32 values of the part to give
 * @param port a name for the condition, where it is free
 * @param names of the graph and of what was added to it since; looked up unless given
 */
export function conditionalBranch(
  part: ReadonlySet<GraphNode>,
  values: readonly string[],
  port: string,
  names?: FreeName,
): Instrument<ConditionalBranch> {
  return {
    name: 'conditional-branch',
    apply(model) {
      const { graph } = model
      const free = names ?? freeNames(graph)
      const condition: Port = { name: free(port), elementType: 'bool', dims: [1], rest: { dims: [1], values: [0] } }
      const nothing = free('innerscope.nothing')
      const outputs = new Map(values.map((value) => [value, free(`when asked: ${value}`)]))
      const elsewhere = values.map((value) => ({ value, name: free(`otherwise: ${value}`) }))
      const taken = branch(
        'when asked',
        graph.nodes.filter((node) => part.has(node)),
        values,
      )
      const other = branch(
        'otherwise',
        elsewhere.map(({ name }) => ({ ...IDENTITY, inputs: [nothing], outputs: [name] })),
        elsewhere.map(({ name }) => name),
      )
      const choice: GraphNode = {
        ...IDENTITY,
        opType: 'If',
        inputs: [condition.name],
        outputs: Array.from(outputs.values()),
        attributes: new Map([
          ['then_branch', taken],
          ['else_branch', other],
        ]),
      }
      const changed: Graph = {
        ...graph,
        inputs: [...graph.inputs, portInfo(condition)],
        nodes: [...graph.nodes.filter((node) => !part.has(node)), choice],
        initializers: [
          ...graph.initializers,
          { name: nothing, elementType: 'float32', dims: [0], storage: { kind: 'bytes', bytes: new Uint8Array(0) } },
        ],
        outputs: [...graph.outputs, ...Array.from(outputs.values(), floatInfo)],
      }
      return { model: { ...model, graph: changed }, ports: { condition }, outputs, changes: [`${part.size} nodes run on demand`] }
    },
  }
}

const IDENTITY: GraphNode = { name: '', opType: 'Identity', domain: '', inputs: [], outputs: [], attributes: new Map() }

function branch(name: string, nodes: readonly GraphNode[], values: readonly string[]): Attribute {
  return { kind: 'graph', value: { name, nodes, initializers: [], inputs: [], outputs: values.map(floatInfo), valueInfo: [] } }
}

function floatInfo(name: string): ValueInfo {
  return { name, elementType: 'float32', dims: null }
}
