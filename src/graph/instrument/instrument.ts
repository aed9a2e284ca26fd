// What an instrument is: a change of a model after which something inside it can be fed. It adds ports, inputs of the graph that every run
// feeds; with what they rest at, the model computes what it did before.

import type { Dimension, Model, ValueInfo } from '../ir/graph.ts'
import type { Parts } from '../recognise/parts.ts'
import { type PassRecord, runPasses } from '../rewrite/rewrite.ts'

/** An input of the graph that an instrument added. */
export interface Port {
  readonly name: string
  readonly elementType: 'float32' | 'int64' | 'bool'
  /** Shape of what it is fed when something is asked of it; null where that depends on the answer's. */
  readonly dims: readonly Dimension[] | null
  /** What it is fed when nothing is asked of it. It broadcasts, or is not looked at, so that it fits rows of any length and batches of any size. */
  readonly rest: { readonly dims: readonly number[]; readonly values: readonly number[] }
}

/** Ports by what they are for, one or one a layer; null for one that the model has no use for. */
export type Ports = Readonly<Record<string, Port | readonly Port[] | null>>

export interface Instrumented<Named extends Ports = Ports> {
  readonly model: Model
  readonly ports: Named
  /** What was done, for the reader. */
  readonly changes: readonly string[]
}

/** @typeParam Result null among it where the model may lack what the instrument acts on */
export interface Instrument<Result extends Instrumented | null = Instrumented | null> {
  /** Of the pass that the model's card shows. */
  readonly name: string
  /** @param parts what was recognised in the model */
  apply(model: Model, parts: Parts): Result
}

/** Applies an instrument as a pass: the specification is checked behind it, and a record kept. @throws GraphError invalid-graph */
export function applyInstrument<Result extends Instrumented>(
  model: Model,
  parts: Parts,
  instrument: Instrument<Result | null>,
): (Result & { readonly records: readonly PassRecord[] }) | null {
  const { name } = instrument
  const result = instrument.apply(model, parts)
  if (result === null) return null
  const { records } = runPasses(model, [{ name, run: () => result }])
  return { ...result, records }
}

/** All ports of an instrument, in order. */
export function listPorts(ports: Ports): readonly Port[] {
  return Object.values(ports)
    .flat()
    .filter((port) => port !== null)
}

/** The port as the graph declares it. */
export function portInfo({ name, elementType, dims }: Port): ValueInfo {
  return { name, elementType, dims }
}
