// A part of the model, switched off or scaled, as a change of an activation.

import type { AblationKind } from '#catalogue/interventions'
import { standInFor } from '#methods/intervention/ablation'
import type { ActivationChange, ModelPart } from '#methods/intervention/activation-change'
import { elementAt } from '#tensor/vector'
import type { OpenedTexts } from './opened-texts.ts'

/** @throws EngineError `site-closed`, `no-other-text`, `other-length` */
export async function changeOf(
  texts: OpenedTexts,
  { kind: site, layer, head }: ModelPart,
  kind: AblationKind,
  scale: number,
): Promise<ActivationChange> {
  const own = elementAt(await texts.own.activations(site), layer)
  const other = kind === 'resample' ? elementAt(await (await texts.other()).activations(site), layer) : null
  const given = standInFor(kind, own, other)
  return { site, layer, heads: head === null ? null : [head], position: null, scale, given, count: own.heads }
}
