// Shapes and small integers of a graph's values, from its inputs to its outputs, with lengths that are not known as symbols.

import { sizeOf } from '#tensor/tensor'
import { numbersOf } from '../ir/constant.ts'
import type { ElementType } from '../ir/element-type.ts'
import { type Graph, type GraphNode, type Initializer, operatorOf, type ValueInfo } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { ELEMENT_RULES } from './element-rules.ts'
import { type Dims, type Facts, type RuleContext, UNKNOWN } from './facts.ts'
import { SHAPE_RULES } from './shape-rules.ts'
import { type Size, Symbols } from './symbols.ts'

/** Shape arithmetic is on a few numbers; longer tensors are data. */
const MAX_ELEMENTS = 64
/** Lengths are products of a few others; a graph that squares one again and again would fill the memory. */
const MAX_SYMBOL_LENGTH = 200

const WHOLE: ReadonlySet<ElementType | null> = new Set<ElementType | null>(['int64', 'int32', 'int16', 'int8', 'uint8', 'bool', 'uint32'])
const FOLLOWED: ReadonlySet<ElementType> = new Set<ElementType>(['int64', 'int32', 'bool', 'float32'])

const known = new WeakMap<Graph, (value: string) => Facts>()

/** What is known about every value of a graph; computed once for each graph. */
export function inferShapes(graph: Graph): (value: string) => Facts {
  const before = known.get(graph)
  if (before !== undefined) return before
  const inference = new Inference(graph)
  const lookUp = (value: string) => inference.factsOf(value)
  known.set(graph, lookUp)
  return lookUp
}

/** Numbers of an input, in row-major order. */
export interface FedNumbers {
  readonly dims: readonly number[]
  readonly numbers: readonly number[]
}

/**
 * The same for one feed: what follows from its integers is computed, in tensors of up to `most` elements.
 * @param fed by the names of inputs; the others stay open
 */
export function inferFed(graph: Graph, fed: ReadonlyMap<string, FedNumbers>, most: number): (value: string) => Facts {
  const inference = new Inference(graph, fed, most)
  return (value) => inference.factsOf(value)
}

class Inference {
  readonly #graph: Graph
  readonly #most: number
  readonly #symbols = new Symbols()
  readonly #facts = new Map<string, Facts>()

  constructor(graph: Graph, fed: ReadonlyMap<string, FedNumbers> = new Map(), most = MAX_ELEMENTS) {
    this.#graph = graph
    this.#most = most
    for (const constant of graph.initializers) this.#facts.set(constant.name, constantFacts(constant, most))
    for (const input of graph.inputs) {
      const given = fed.get(input.name)
      if (given !== undefined) this.#facts.set(input.name, { dims: given.dims, elements: given.numbers })
      else if (!this.#facts.has(input.name)) this.#facts.set(input.name, this.#declared(input))
    }
    for (const node of graph.nodes) this.#visit(node)
  }

  factsOf(value: string): Facts {
    return this.#facts.get(value) ?? UNKNOWN
  }

  #declared({ name, dims }: ValueInfo): Facts {
    if (dims === null) return UNKNOWN
    const sizes = dims.map((size, axis): Size => {
      if (typeof size === 'number' && size >= 0) return size
      return this.#symbols.size(typeof size === 'string' ? `dim ${size}` : `${name} ${axis}`)
    })
    return { dims: sizes, elements: null }
  }

  #visit(node: GraphNode): void {
    const operator = operatorOf(node)
    const shape = SHAPE_RULES.get(operator)
    const elements = ELEMENT_RULES.get(operator)
    const scene = this.#scene(node)
    for (const [place, output] of node.outputs.entries()) {
      if (output === '') continue
      const dims = this.#sensible(shape?.(scene, place) ?? this.#rankOnly(output), output)
      const sizes = dims?.filter((size) => typeof size === 'number') ?? []
      const small = dims !== null && sizes.length === dims.length && sizeOf(sizes) <= this.#most
      const values = small ? (elements?.(scene, sizes, place) ?? null) : null
      this.#facts.set(output, { dims, elements: values?.length === sizeOf(sizes) && !values.some(isLong) ? values : null })
    }
  }

  /** Sizes that no tensor has come from attributes that do not fit each other. */
  #sensible(dims: Dims, output: string): Dims {
    const isSize = (size: Size) => (typeof size === 'string' ? !isLong(size) : Number.isSafeInteger(size) && size >= 0)
    return dims?.map((size, axis) => (isSize(size) ? size : this.#symbols.size(`${output} ${axis}`))) ?? null
  }

  #scene(node: GraphNode): RuleContext {
    return {
      node,
      symbols: this.#symbols,
      input: (place) => this.factsOf(node.inputs[place] ?? ''),
      unnamed: (output, axis) => this.#symbols.size(`${node.outputs[output]} ${axis}`),
      isInteger: (place) => WHOLE.has(inferElementType(this.#graph, node.inputs[place] ?? '')),
    }
  }

  /** Of what files say about inner values only the rank is believed: some exporters leave the lengths of their example. */
  #rankOnly(value: string): readonly Size[] | null {
    const dims = indexGraph(this.#graph).info(value)?.dims ?? null
    return dims?.map((_, axis) => this.#symbols.size(`${value} ${axis}`)) ?? null
  }
}

function isLong(size: Size): boolean {
  return typeof size === 'string' && size.length > MAX_SYMBOL_LENGTH
}

function constantFacts(constant: Initializer, most: number): Facts {
  const { dims, elementType } = constant
  const follow = FOLLOWED.has(elementType) && sizeOf(dims) <= most
  const numbers = follow ? numbersOf(constant) : null
  return { dims, elements: numbers === null ? null : Array.from(numbers) }
}
