// What a model answers when parts of it are switched off, or given what they gave in another text.

import type { AblationKind, PatchDirection, PatchMapId } from '#catalogue/interventions'
import type { AttributionTarget } from '#methods/attribution'
import type { KindAgreement } from '#methods/intervention/ablation'
import type { Gate } from '#methods/intervention/activation-change'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'

export interface InterventionsApi {
  readonly gates: Call<GatesRequest, null, Gated>
  readonly sweep: Call<SweepRequest, SweepLayer, Sweep>
  readonly patching: Call<PatchingRequest, PatchedLayer, PatchMap>
}

interface Question {
  readonly input: ModelInput
  /** The other text, B: what is resampled from, and patched with; null where there is none. */
  readonly reference: ModelInput | null
  /** The number that is measured; with B in it too, at the same position. */
  readonly target: AttributionTarget
}

export interface GatesRequest extends Question {
  readonly kind: AblationKind
  readonly gates: readonly Gate[]
}

/** The number that is measured, in words. */
export interface MeasuredAim {
  readonly target: string
  readonly foil: string | null
}

/** What is answered, untouched and with the gates. */
export interface Gated extends MeasuredAim {
  /** The target's number. */
  readonly untouched: number
  readonly now: number
  /** All classes; of a vocabulary, what is likeliest before and after, with target and foil. Likeliest now first. */
  readonly rows: readonly GatedRow[]
}

export interface GatedRow {
  readonly index: number
  readonly label: string
  readonly untouched: GatedScore
  readonly now: GatedScore
}

export interface GatedScore {
  readonly score: number
  /** 0..1; null for a number that is none. */
  readonly probability: number | null
}

export interface SweepRequest extends Question {
  /** In the order in which they are run. */
  readonly kinds: readonly AblationKind[]
}

/** The target's number with each part of a layer switched off alone. */
export interface SweepLayer {
  readonly kind: AblationKind
  readonly layer: number
  readonly untouched: number
  /** Empty where heads were not recognised. */
  readonly heads: readonly number[]
  /** null where blocks were not recognised. */
  readonly attention: number | null
  readonly mlp: number | null
}

export interface Sweep {
  /** The target's number of the untouched model. */
  readonly untouched: number
  /** Of each kind, [layers]. */
  readonly kinds: readonly { readonly kind: AblationKind; readonly layers: readonly SweepLayer[] }[]
  /** Of every two kinds, by the heads, or by the blocks where heads were not recognised. */
  readonly agreements: readonly KindAgreement[]
}

export interface PatchingRequest extends Question {
  readonly map: PatchMapId
  readonly direction: PatchDirection
}

/** The target's number with each cell of a layer patched, and as a share of the difference between the texts. */
export interface PatchedLayer extends PatchFrame {
  readonly layer: number
  readonly numbers: readonly number[]
  readonly shares: readonly number[]
}

export interface PatchFrame extends MeasuredAim {
  readonly map: PatchMapId
  readonly direction: PatchDirection
  /** The target's number in A, and in B. */
  readonly clean: number
  readonly corrupt: number
  /** Heads of each column; null where columns are positions. */
  readonly groups: readonly (readonly number[])[] | null
}

export interface PatchMap extends PatchFrame {
  readonly layers: readonly PatchedLayer[]
}

/** The sweep with a layer more, or anew in place of the same one. */
export function withSweptLayer(before: Sweep | null, layer: SweepLayer): Sweep {
  const kinds = before?.kinds ?? []
  const known = kinds.find(({ kind }) => kind === layer.kind)?.layers ?? []
  const layers = [...known.filter((one) => one.layer !== layer.layer), layer].toSorted((one, other) => one.layer - other.layer)
  return {
    untouched: layer.untouched,
    kinds: [...kinds.filter(({ kind }) => kind !== layer.kind), { kind: layer.kind, layers }],
    agreements: before?.agreements ?? [],
  }
}
