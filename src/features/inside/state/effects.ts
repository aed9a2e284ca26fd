// Total effects of the model's parts, beside what they write into the logit directly.

import type { Sweep } from '#features/interventions/api.ts'
import { elementAt } from '#tensor/vector'
import type { LogitAttribution } from '../api.ts'

/** A head, or an MLP where `head` is null; in logits. */
export interface PartEffects {
  readonly layer: number
  readonly head: number | null
  /** What it writes into the number, the final norm's scale held. */
  readonly direct: number
  /** What is lost of the number when it is switched off. */
  readonly total: number
}

/** Parts of the layers that were switched off so far, by the first kind of ablation. */
export function partEffects(
  { heads, mlps }: Pick<LogitAttribution, 'heads' | 'mlps'>,
  { untouched, kinds }: Sweep,
): readonly PartEffects[] {
  return (kinds[0]?.layers ?? []).flatMap(({ layer, heads: without, mlp }) => [
    ...without.map((number, head) => ({
      layer,
      head,
      direct: elementAt(elementAt(heads, layer), head),
      total: untouched - number,
    })),
    ...(mlp === null ? [] : [{ layer, head: null, direct: elementAt(mlps, layer), total: untouched - mlp }]),
  ])
}
