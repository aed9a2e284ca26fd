// How the shapes of a graph grow with the text: read for rows of two lengths and compared.

import type { Graph } from '../ir/graph.ts'
import { type FedNumbers, inferFed } from '../shapes/infer-shapes.ts'

/** A size as `times` x tokens + `plus`: fixed where `times` is 0. */
export interface Growth {
  readonly times: number
  readonly plus: number
}

/** Of each axis of a value; null where the graph does not tell its shape. */
export type GrowthOf = (value: string) => readonly Growth[] | null

/** Primes, so that no width of a model is a multiple of both. */
const [SHORT, LONG] = [11, 13]
/** Shape arithmetic is on as many numbers as there are tokens, at most. */
const MOST_ELEMENTS = 64

/** @param fedAt what the graph is fed for one row of so many tokens */
export function growthIn(graph: Graph, fedAt: (tokens: number) => ReadonlyMap<string, FedNumbers>): GrowthOf {
  const [short, long] = [inferFed(graph, fedAt(SHORT), MOST_ELEMENTS), inferFed(graph, fedAt(LONG), MOST_ELEMENTS)]
  return (value) => {
    const [few, many] = [short(value).dims, long(value).dims]
    if (few === null || many === null || few.length !== many.length) return null
    const growth = few.map((size, axis): Growth | null => {
      const other = many[axis]
      if (typeof size !== 'number' || typeof other !== 'number') return null
      const times = (other - size) / (LONG - SHORT)
      return Number.isInteger(times) ? { times, plus: size - times * SHORT } : null
    })
    return growth.every((axis) => axis !== null) ? growth : null
  }
}

/** Axes that grow with the text. */
export function growingAxes(growth: readonly Growth[]): readonly number[] {
  return growth.flatMap(({ times }, axis) => (times === 0 ? [] : [axis]))
}
