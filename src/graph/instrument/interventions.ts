// The instruments that change what the model computes when something is fed, by name: adding one takes its file and a row here.

import type { Model } from '../ir/graph.ts'
import type { Parts } from '../recognise/parts.ts'
import type { PassRecord } from '../rewrite/rewrite.ts'
import { activations } from './activations.ts'
import { applyInstrument, type Instrument, listPorts, type Port } from './instrument.ts'
import { valueMasks } from './value-masks.ts'

const INTERVENTIONS = { valueMasks, activations } as const satisfies Readonly<Record<string, Instrument>>

export type InterventionName = keyof typeof INTERVENTIONS

type PortsOf<Name extends InterventionName> = NonNullable<ReturnType<(typeof INTERVENTIONS)[Name]['apply']>>['ports']

/** Ports of the interventions that a model has: what was not asked for, or is not possible in the model, is left out. */
export type InterventionPorts = { readonly [Name in InterventionName]?: PortsOf<Name> }

export interface Intervened {
  readonly model: Model
  readonly interventions: InterventionPorts
  readonly ports: readonly Port[]
  readonly records: readonly PassRecord[]
}

/** Applies the interventions that are asked for, as far as the model has what they act on. @throws GraphError invalid-graph */
export function applyInterventions(model: Model, parts: Parts, names: readonly InterventionName[]): Intervened {
  return names.reduce<Intervened>(
    (before, name) => {
      const instrument: Instrument = INTERVENTIONS[name]
      const applied = applyInstrument(before.model, parts, instrument)
      if (applied === null) return before
      return {
        model: applied.model,
        interventions: { ...before.interventions, [name]: applied.ports },
        ports: [...before.ports, ...listPorts(applied.ports)],
        records: [...before.records, ...applied.records],
      }
    },
    { model, interventions: {}, ports: [], records: [] },
  )
}
