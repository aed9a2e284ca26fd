// What is known about a value before the graph runs.

import type { GraphNode } from '../ir/graph.ts'
import { intAttribute, intsAttribute } from '../ir/graph.ts'
import type { Size, Symbols } from './symbols.ts'

export interface Facts {
  /** null where the rank is not known. */
  readonly dims: Dims
  /** Elements of a small tensor in row-major order, false and true as 0 and 1; null where they are not followed. */
  readonly elements: readonly Size[] | null
}

export const UNKNOWN: Facts = { dims: null, elements: null }

export type Dims = readonly Size[] | null

/** Dimensions of an output, null where not even the rank is known. */
export type ShapeRule = (scene: RuleContext, output: number) => Dims

/** Elements of an output of known dimensions `dims`, in row-major order; null where they are not followed. */
export type ElementRule = (scene: RuleContext, dims: readonly number[], output: number) => readonly Size[] | null

/** A node with the facts of its inputs. */
export interface RuleContext {
  readonly node: GraphNode
  readonly symbols: Symbols
  /** Facts of the input at a place; unknown where it is left out. */
  input(place: number): Facts
  /** A symbol for a dimension of the node's output that nothing else names. */
  unnamed(output: number, axis: number): Size
  /** Whether the numbers of the input at a place are whole ones (int64, int32, bool). */
  isInteger(place: number): boolean
}

/** Axes of Squeeze, Unsqueeze, reductions ...: an attribute in old forms, an input in new ones; null where there are none or unknown. */
export function axesOf(scene: RuleContext): readonly number[] | 'unknown' | null {
  const attribute = intsAttribute(scene.node, 'axes')
  if (attribute !== null) return attribute
  if ((scene.node.inputs[1] ?? '') === '') return null
  return numbersIn(scene.input(1)) ?? 'unknown'
}

/** Tensors of transformers have five axes at most, and runtimes allow few more; a shape that claims a thousand is damaged. */
const MAX_RANK = 64

/** Open dimensions of a tensor with so many axes, null where that is no rank. */
export function openDims(scene: RuleContext, rank: Size | undefined): Dims {
  if (typeof rank !== 'number' || !(rank >= 0 && rank <= MAX_RANK)) return null
  return Array.from({ length: rank }, (_, axis) => scene.unnamed(0, axis))
}

/** Sizes that are all there, else null: axes outside of a shape, as damaged files name them, leave the result unknown. */
export function allKnown(sizes: readonly (Size | undefined)[]): readonly Size[] | null {
  const known = sizes.filter((size) => size !== undefined)
  return known.length === sizes.length ? known : null
}

/** Elements that are all known as numbers, else null. */
export function numbersIn({ elements }: Facts): readonly number[] | null {
  if (elements === null) return null
  const numbers = elements.filter((element) => typeof element === 'number')
  return numbers.length === elements.length ? numbers : null
}

/** The place of an axis attribute in a shape of this rank. */
export function axisOf(node: GraphNode, rank: number, fallback: number): number {
  return placeOf(intAttribute(node, 'axis', fallback), rank)
}

export function placeOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}
