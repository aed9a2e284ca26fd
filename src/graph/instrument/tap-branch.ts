// Values of a graph that are given as float32 when they are asked for, with the nodes that make them of what the graph has.

import { float32Constant, int64Constant } from '../ir/constant.ts'
import { type ElementType, elementCodeOf } from '../ir/element-type.ts'
import type { AttributeValue, Graph, GraphNode, Initializer, Model } from '../ir/graph.ts'
import { inferElementType } from '../ir/infer-type.ts'
import type { FreeName } from '../ir/names.ts'
import type { Parts } from '../recognise/parts.ts'
import { conditionalBranch } from './conditional-branch.ts'
import type { Port } from './instrument.ts'

type Attributes = ReadonlyMap<string, AttributeValue>

export class TapBranch {
  readonly #source: Graph
  readonly #planned: readonly GraphNode[]
  readonly #constants: Initializer[]
  readonly #free: FreeName
  readonly #nodes = new Set<GraphNode>()
  readonly #given = new Set<string>()

  /** @param planned nodes that may be taken into the branch, in order @param constants that they need */
  constructor(source: Graph, planned: readonly GraphNode[], constants: readonly Initializer[], free: FreeName) {
    this.#source = source
    this.#planned = planned
    this.#constants = [...constants]
    this.#free = free
  }

  /** Gives a value of the graph, of a planned node or of the branch; null for null and for what has no known type. */
  give(value: string | null): string | null {
    if (value === null) return null
    this.#take(value)
    const type = this.#typeOf(value)
    if (type === null) return null
    const to = new Map([['to', { kind: 'int', value: BigInt(elementCodeOf('float32')) } as const]])
    const name = type === 'float32' ? this.op('Identity', [value]) : this.op('Cast', [value], to)
    this.#given.add(name)
    return name
  }

  op(opType: string, inputs: readonly string[], attributes: Attributes = new Map()): string {
    return this.copy({ opType, domain: '', attributes }, inputs)
  }

  /** An operator again, on other values. */
  copy({ opType, domain, attributes }: Pick<GraphNode, 'opType' | 'domain' | 'attributes'>, inputs: readonly string[]): string {
    const output = this.#free('innerscope.asked')
    this.#nodes.add({ name: '', opType, domain, inputs, outputs: [output], attributes })
    return output
  }

  constant(dims: readonly number[], values: Float32Array, type: ElementType): string {
    const made = float32Constant(this.#free('innerscope.asked_constant'), dims, values)
    this.#constants.push(made)
    if (type === 'float32') return made.name
    return this.op('Cast', [made.name], new Map([['to', { kind: 'int', value: BigInt(elementCodeOf(type)) }]]))
  }

  /** int64 */
  indexes(values: readonly number[]): string {
    const made = int64Constant(this.#free('innerscope.asked_constant'), [values.length], values)
    this.#constants.push(made)
    return made.name
  }

  /** @param port a name for the condition of the branch, where it is free */
  added(
    model: Model,
    parts: Parts,
    port: string,
  ): { readonly model: Model; readonly condition: Port; readonly nameOf: (value: string | null) => string | null } {
    const { graph } = model
    const nodes = [...graph.nodes, ...this.#nodes]
    const whole = { ...model, graph: { ...graph, nodes, initializers: [...graph.initializers, ...this.#constants] } }
    const made = conditionalBranch(this.#nodes, Array.from(this.#given), port, this.#free).apply(whole, parts)
    return {
      model: made.model,
      condition: made.ports.condition,
      nameOf: (value) => (value === null ? null : (made.outputs.get(value) ?? null)),
    }
  }

  /** With all planned nodes before it. */
  #take(value: string): void {
    const node = this.#planned.find(({ outputs }) => outputs.includes(value))
    if (node === undefined || this.#nodes.has(node)) return
    for (const input of node.inputs) this.#take(input)
    this.#nodes.add(node)
  }

  /** What is made here keeps the type of what it is made of. */
  #typeOf(value: string): ElementType | null {
    const known = inferElementType(this.#source, value)
    if (known !== null) return known
    const made = Array.from(this.#nodes).find(({ outputs }) => outputs.includes(value))
    return made === undefined ? null : this.#typeOf(made.inputs[0] ?? '')
  }
}
