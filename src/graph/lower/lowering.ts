// What a lowering is: one function an operator, in the tables of the files beside this one.

import type { GraphNode } from '../ir/graph.ts'
import type { Emitter } from '../rewrite/emitter.ts'

/**
 * Emits plain operators that compute what the node computes, and returns their values in the order of the node's outputs; null for
 * an output that is not computed, which is refused where the graph uses it.
 * @throws GraphError unsupported-form for what cannot be lowered
 */
export type Lowering = (node: GraphNode, to: Emitter) => readonly (string | null)[]

/** Lowerings by operator, as `operatorOf` names them. */
export type Lowerings = Readonly<Record<string, Lowering>>

/** The input at a place, null where it is left out. */
export function optionalInput(node: GraphNode, place: number): string | null {
  const input = node.inputs[place] ?? ''
  return input === '' ? null : input
}

/** The input at a place. @throws GraphError unsupported-form where it is left out */
export function inputOf(node: GraphNode, place: number, to: Emitter): string {
  return optionalInput(node, place) ?? to.refuse(`no input ${place}`)
}

export function floatAttribute<Fallback extends number | null>(node: GraphNode, name: string, fallback: Fallback): number | Fallback {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'float' ? attribute.value : fallback
}

/** Refuses inputs that change the result and have no lowering. */
export function refuseInputs(node: GraphNode, names: Readonly<Record<number, string>>, to: Emitter): void {
  for (const [place, name] of Object.entries(names)) if (optionalInput(node, Number(place)) !== null) to.refuse(name)
}
