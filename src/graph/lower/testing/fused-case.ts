// Graphs of one fused operator, with what to feed them: the same numbers must come out before and after it is taken apart.

import { floatToHalf } from '#tensor/half'
import { sizeOf } from '#tensor/tensor'
import type { ElementType } from '../../ir/element-type.ts'
import type { AttributeLike, ModelBuilder } from '../../testing/build.ts'

export interface CaseFeed {
  readonly type: 'float32' | 'float16' | 'int32' | 'int64' | 'bool'
  readonly dims: readonly number[]
  readonly data: readonly number[]
}

export interface FusedCase {
  readonly title: string
  /** Adds inputs, the operator and outputs. */
  readonly build: (graph: ModelBuilder) => void
  readonly feeds: Readonly<Record<string, CaseFeed>>
  /** Another way to say the same, for forms that the runtime itself has no kernel for. */
  readonly instead?: (graph: ModelBuilder) => void
  readonly opset?: number
  readonly tolerance?: number
  /** Which elements of the output count; all where it is left out. */
  readonly counts?: (place: number) => boolean
}

/** Reproducible uneven numbers of about +-`size`. */
export function wave(dims: readonly number[], seed: number, size = 1): readonly number[] {
  return Array.from({ length: sizeOf(dims) }, (_, place) => Math.sin(seed + place * 1.37 + (place % 7) * 0.61) * size)
}

export function reals(dims: readonly number[], seed: number, type: 'float32' | 'float16' = 'float32'): CaseFeed {
  return { type, dims, data: wave(dims, seed) }
}

export function integers(type: 'int32' | 'int64', dims: readonly number[], data: readonly number[]): CaseFeed {
  return { type, dims, data }
}

/** Declares an input for every feed, in their order, and returns their names. */
export function declare(graph: ModelBuilder, feeds: FusedCase['feeds']): readonly string[] {
  return Object.entries(feeds).map(([name, { type, dims }]) => graph.input(name, type, axesOf(name, dims)))
}

/** Lengths are left open, except of the last axis, as exporters do. */
function axesOf(name: string, dims: readonly number[]): readonly (number | string)[] {
  return dims.map((length, axis) => (axis === dims.length - 1 && dims.length > 2 ? length : `${name}_${axis}`))
}

export const float = (value: number): AttributeLike => ({ kind: 'float', value })
export const text = (value: string): AttributeLike => ({ kind: 'string', value })

/** A constant of uneven numbers in float16. */
export function half(graph: ModelBuilder, dims: readonly number[], seed: number): string {
  const bytes = new Uint8Array(Uint16Array.from(wave(dims, seed), floatToHalf).buffer)
  return graph.constant({ name: `half_${seed}`, elementType: 'float16', dims, storage: { kind: 'bytes', bytes } })
}

/** A case whose operator takes the feeds as its inputs, in order; null leaves one out. */
export function plainCase(
  title: string,
  operator: string,
  attributes: Readonly<Record<string, AttributeLike>>,
  inputs: Readonly<Record<string, CaseFeed>> | readonly (readonly [string, CaseFeed] | null)[],
  more: Partial<Omit<FusedCase, 'title' | 'build' | 'feeds'>> = {},
): FusedCase {
  const places = isList(inputs) ? inputs : Object.entries(inputs)
  const feeds = Object.fromEntries(places.filter((place) => place !== null))
  const type: ElementType = places[0]?.[1].type ?? 'float32'
  return {
    title,
    feeds,
    build(graph) {
      declare(graph, feeds)
      graph.output(
        graph.op(
          operator,
          places.map((place) => place?.[0] ?? ''),
          attributes,
        ),
        type,
      )
    },
    ...more,
  }
}

function isList<Item>(inputs: Readonly<Record<string, CaseFeed>> | readonly Item[]): inputs is readonly Item[] {
  return Array.isArray(inputs)
}
