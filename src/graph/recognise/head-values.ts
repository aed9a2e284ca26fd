// What goes into an attention's products and comes out of them, one row a head: the axes of each value follow from the product.

import { type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import type { Attention } from './attention.ts'

/** A value with an entry for every head and token, and what brings it to [B,H,T,hd]. */
export interface HeadValue {
  readonly value: string
  /** Its axes in the order batch, heads, tokens, width; without heads where those are joined to the batch. */
  readonly order: readonly number[]
  /** How many heads are joined to the batch; null where they have an axis of their own. */
  readonly joined: number | null
}

/** null where the graph does not tell the axes. Heads that share a key or value may have one copy of it: [B,1,T,hd]. */
export interface HeadValues {
  readonly query: HeadValue | null
  readonly key: HeadValue | null
  readonly value: HeadValue | null
  /** Probabilities x values, before the heads are joined. */
  readonly output: HeadValue | null
}

/** A letter for each axis of a product's operands and result, as in an equation of Einsum. */
interface Axes {
  readonly left: string
  readonly right: string
  readonly result: string
}

const PLAIN = 4
const JOINED = 3

/** @param index of the graph that the attention was found in */
export function headValues({ scores, context, query, key, value, heads }: Attention, index: GraphIndex): HeadValues {
  const output = context.outputs[0] ?? ''
  const rankOf = (name: string): number | null => inferShapes(index.graph)(name).dims?.length ?? null
  const place = (name: string, axes: string, wanted: string): HeadValue | null => {
    const order = Array.from(wanted, (letter) => axes.indexOf(letter))
    const joined = wanted.length === JOINED ? heads : null
    const told = wanted.length === axes.length && order.every((axis) => axis >= 0) && (wanted.length === PLAIN || joined !== null)
    return told && rankOf(name) === axes.length ? { value: name, order, joined } : null
  }
  const before = axesOf(scores, rankOf(scores.outputs[0] ?? ''))
  const after = axesOf(context, rankOf(output))
  const asked =
    before === null ? null : { batch: before.result.slice(0, -2), to: before.result.at(-2) ?? '', from: before.result.slice(-1) }
  const summed = asked === null || before === null ? '' : lettersBesides(before.left, before.result)
  const width = after === null ? '' : lettersBesides(after.right, after.left)
  const given = after === null ? null : { batch: after.left.slice(0, -2), to: after.left.at(-2) ?? '', from: after.left.slice(-1) }
  return {
    query: before && asked && place(query, before.left, asked.batch + asked.to + summed),
    key: before && asked && place(key, before.right, asked.batch + asked.from + summed),
    value: after && given && place(value, after.right, given.batch + given.from + width),
    output: after && given && place(output, after.result, given.batch + given.to + width),
  }
}

/** null for ranks that no exporter writes and equations that are not spelt out. */
function axesOf(product: GraphNode, rank: number | null): Axes | null {
  if (operatorOf(product) === 'Einsum') return axesOfEquation(product)
  if (rank !== PLAIN && rank !== JOINED) return null
  if (intAttribute(product, 'transBatchA', 0) !== 0 || intAttribute(product, 'transBatchB', 0) !== 0) return null
  const batch = rank === PLAIN ? 'bh' : 'n'
  return {
    left: batch + (intAttribute(product, 'transA', 0) === 0 ? 'ik' : 'ki'),
    right: batch + (intAttribute(product, 'transB', 0) === 0 ? 'kj' : 'jk'),
    result: `${batch}ij`,
  }
}

function axesOfEquation(product: GraphNode): Axes | null {
  const equation = product.attributes.get('equation')
  const parts = equation?.kind === 'string' ? /^([a-z]+),([a-z]+)->([a-z]+)$/i.exec(equation.value.replaceAll(' ', '')) : null
  const [, left, right, result] = parts ?? []
  return left === undefined || right === undefined || result === undefined ? null : { left, right, result }
}

function lettersBesides(letters: string, others: string): string {
  return Array.from(letters)
    .filter((letter) => !others.includes(letter))
    .join('')
}
