// What a gradient rule sees of its node, and the operators it may write. Gradients are float32 even where the model computes in
// float16: a sum of many small numbers loses them there. Only float64 keeps its own type.

import type { ElementType } from '#graph/ir/element-type'
import { type GraphNode, labelOf, operatorOf } from '#graph/ir/graph'
import { inferElementType } from '#graph/ir/infer-type'
import type { Attributes, Emitter } from '#graph/rewrite/emitter'
import { inferShapes } from '#graph/shapes/infer-shapes'
import type { Size } from '#graph/shapes/symbols'
import { GradientError } from './gradient-error.ts'
import { sumOver } from './unbroadcast.ts'

/** Type of gradients, and of the arithmetic that makes them. */
export type GradientType = 'float32' | 'float64'

const REAL: ReadonlySet<ElementType | null> = new Set<ElementType | null>(['float32', 'float16', 'float64', 'bfloat16'])

export class RuleContext {
  readonly node: GraphNode
  readonly to: Emitter
  readonly type: GradientType
  readonly #gradients: readonly (string | null)[]
  readonly #needed: ReadonlySet<string>

  /**
   * @param gradients of the node's outputs, null where nothing that counts depends on one
   * @param needed values whose gradients are wanted, or lead to wanted ones
   */
  constructor(node: GraphNode, to: Emitter, gradients: readonly (string | null)[], needed: ReadonlySet<string>) {
    this.node = node
    this.to = to
    this.#gradients = gradients
    this.#needed = needed
    this.type = gradientTypeOf(inferElementType(to.index.graph, node.outputs[0] ?? ''))
  }

  /** Gradient of the first output. */
  get gradient(): string {
    return this.#gradients[0] ?? this.refuse('only outputs beyond the first in use')
  }

  gradientOf(output: number): string | null {
    return this.#gradients[output] ?? null
  }

  /** Whether the gradient of the input at a place is needed. */
  needs(place: number): boolean {
    return this.#needed.has(this.name(place))
  }

  /** Gradients of all inputs: `make` is asked for those that are needed. */
  each(make: (place: number) => string | null): readonly (string | null)[] {
    return this.node.inputs.map((_, place) => (this.needs(place) ? make(place) : null))
  }

  /** The input at a place as the graph has it; '' where it is left out. */
  name(place: number): string {
    return this.node.inputs[place] ?? ''
  }

  has(place: number): boolean {
    return this.name(place) !== ''
  }

  /** The real input at a place, in the type of gradients. */
  input(place: number): string {
    if (!this.has(place)) return this.refuse(`no input ${place}`)
    return this.real(this.name(place))
  }

  /** A real output, in the type of gradients. */
  output(place = 0): string {
    return this.real(this.node.outputs[place] ?? '')
  }

  /** A value of the graph in the type of gradients. */
  real(value: string): string {
    const type = inferElementType(this.to.index.graph, value)
    return this.to.cast(value, type ?? this.type, this.type)
  }

  /** A constant; a scalar without dims. */
  number(value: number): string {
    return this.to.real(this.type, [value])
  }

  op(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.to.op(operator, inputs, attributes)
  }

  mul(left: string, right: string): string {
    return this.op('Mul', [left, right])
  }

  /** `factor` times a value. */
  scaled(value: string, factor: number): string {
    return factor === 1 ? value : this.mul(value, this.number(factor))
  }

  /** 1 where a condition holds, else 0. */
  indicator(condition: string): string {
    return this.to.cast(condition, 'bool', this.type)
  }

  shape(value: string): string {
    return this.op('Shape', [value])
  }

  /** Lengths of a value of the graph. @throws GradientError where not even the rank is known */
  dims(value: string): readonly Size[] {
    return inferShapes(this.to.index.graph)(value).dims ?? this.refuse('a value of unknown rank')
  }

  rank(value: string): number {
    return this.dims(value).length
  }

  /** A gradient of the node's shape summed to that of the input at a place, which was broadcast. */
  fit(gradient: string, place: number): string {
    const input = this.name(place)
    const { nodeDims } = this
    return sumOver(gradient, { value: input, dims: this.dims(input) }, nodeDims, this.to)
  }

  get nodeDims(): readonly Size[] {
    return this.dims(this.node.outputs[0] ?? '')
  }

  /** A gradient in the shape of a value that has as many elements. */
  reshapedLike(gradient: string, value: string): string {
    return this.op('Reshape', [gradient, this.shape(value)])
  }

  /** Zeros of a value's shape. */
  zeros(value: string): string {
    return this.op('Expand', [this.number(0), this.shape(value)])
  }

  /** @throws GradientError no-gradient-form */
  refuse(part: string): never {
    throw new GradientError({ kind: 'no-gradient-form', operator: operatorOf(this.node), node: labelOf(this.node), part })
  }
}

export function gradientTypeOf(type: ElementType | null): GradientType {
  return type === 'float64' ? 'float64' : 'float32'
}

/** Whether values of a type have gradients; one that is not known is taken to. */
export function isReal(type: ElementType | null): boolean {
  return type === null || REAL.has(type)
}
