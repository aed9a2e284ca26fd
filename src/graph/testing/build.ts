// Builds test models in code: a test says what its graph is, and no binary file has to be trusted.

import { sizeOf } from '#tensor/tensor'
import { float32Constant, int64Constant } from '../ir/constant.ts'
import type { ElementType } from '../ir/element-type.ts'
import type { Attribute, Dimension, GraphNode, Initializer, Model, ValueInfo } from '../ir/graph.ts'
import { writeModel } from '../proto/write.ts'

/** Numbers stand for integers, lists for lists of integers; anything else is given as it is. */
export type AttributeLike = number | readonly number[] | Attribute

export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeLike>> = {},
): GraphNode {
  const [domain = '', operator = ''] = opType.includes(':') ? opType.split(':') : ['', opType]
  return {
    name: '',
    opType: operator,
    domain,
    inputs,
    outputs,
    attributes: new Map(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)])),
  }
}

function attributeOf(value: AttributeLike): Attribute {
  if (typeof value === 'number') return { kind: 'int', value: BigInt(value) }
  return 'kind' in value ? value : { kind: 'ints', value: value.map(BigInt) }
}

/** Collects a graph from its inputs to its outputs; every method returns the name of the value it made. */
export class ModelBuilder {
  readonly #inputs: ValueInfo[] = []
  readonly #outputs: ValueInfo[] = []
  readonly #initializers: Initializer[] = []
  readonly #nodes: GraphNode[] = []
  #made = 0

  input(name: string, elementType: ElementType, dims: readonly Dimension[]): string {
    this.#inputs.push({ name, elementType, dims })
    return name
  }

  /** A float32 constant; without values a reproducible uneven filling of about +-0.5. */
  float(dims: readonly number[], values?: ArrayLike<number>): string {
    const filling = values ?? Float32Array.from({ length: sizeOf(dims) }, (_, place) => Math.sin(1 + place * 1.7 + this.#made) / 2)
    return this.constant(float32Constant(this.#name('weight'), dims, filling))
  }

  int64(dims: readonly number[], values: readonly number[]): string {
    return this.constant(int64Constant(this.#name('ints'), dims, values))
  }

  constant(initializer: Initializer): string {
    this.#initializers.push(initializer)
    return initializer.name
  }

  op(opType: string, inputs: readonly string[], attributes?: Readonly<Record<string, AttributeLike>>): string {
    const output = this.#name('value')
    this.#nodes.push(node(opType, inputs, [output], attributes))
    return output
  }

  add(added: GraphNode): void {
    this.#nodes.push(added)
  }

  output(name: string, elementType: ElementType = 'float32'): string {
    this.#outputs.push({ name, elementType, dims: null })
    return name
  }

  model(opsets: Readonly<Record<string, number>> = { '': 17 }): Model {
    return {
      irVersion: 8,
      opsets: new Map(Object.entries(opsets)),
      functions: new Map(),
      graph: {
        name: 'test',
        nodes: [...this.#nodes],
        initializers: [...this.#initializers],
        inputs: [...this.#inputs],
        outputs: [...this.#outputs],
        valueInfo: [],
      },
    }
  }

  /** The model as a file, constants inside. */
  bytes(opsets?: Readonly<Record<string, number>>): Uint8Array {
    return writeModel(this.model(opsets))
  }

  #name(stem: string): string {
    this.#made += 1
    return `${stem}_${this.#made}`
  }
}
