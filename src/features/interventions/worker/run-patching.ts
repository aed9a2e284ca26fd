// Activation patching, a cell of a map at a time: one text's run with what the other gave in one place.

import { type ActivationSite, PATCH_MAPS } from '#catalogue/interventions'
import { EngineError } from '#engine/error'
import type { Activation, ActivationChange } from '#methods/intervention/activation-change'
import { headGroups, patchedShare, SMALLEST_GAP } from '#methods/intervention/patching'
import { elementAt } from '#tensor/vector'
import type { PatchedLayer, PatchFrame, PatchingRequest, PatchMap } from '../api.ts'
import type { OpenedTexts } from './opened-texts.ts'

/** @throws EngineError `site-closed`, `no-other-text`, `other-length`, `too-alike`, `run-failed` */
export async function runPatching(
  texts: OpenedTexts,
  { map, direction, target }: PatchingRequest,
  progress: (layer: PatchedLayer) => void,
): Promise<PatchMap> {
  const { site, across, at } = PATCH_MAPS[map]
  const { own, passes, numberIn } = texts
  const other = await texts.other()
  const [clean = Number.NaN, corrupt = Number.NaN] = [...(await own.scores([[]])), ...(await other.scores([[]]))].map(numberIn)
  if (!(Math.abs(clean - corrupt) >= SMALLEST_GAP))
    throw new EngineError('too-alike', `The number is ${clean} in A and ${corrupt} in B.`, { a: clean.toFixed(3), b: corrupt.toFixed(3) })
  const [base, source] = direction === 'denoise' ? [other, own] : [own, other]
  const given = await source.activations(site)
  // Copies of a shared key or value are equal in every text.
  const groups = across === 'heads' ? groupsOf(site, given) : null
  const frame: PatchFrame = { ...texts.aim, map, direction, clean, corrupt, groups }
  const layers: PatchedLayer[] = []
  for (let layer = 0; layer < passes.layers; layer++) {
    const activation = elementAt(given, layer)
    const whole = { site, layer, heads: null, position: null, scale: 0, given: activation, count: activation.heads }
    const changes = (groups ?? Array.from({ length: activation.tokens }, () => null)).map((group, place): ActivationChange => {
      if (group === null) return { ...whole, position: place }
      return { ...whole, heads: group, position: at === 'asked' ? (target.position ?? 0) : null }
    })
    const numbers = (await base.scores(changes.map((change) => [change]))).map(numberIn)
    const found = { ...frame, layer, numbers, shares: numbers.map((number) => patchedShare(direction, number, clean, corrupt)) }
    layers.push(found)
    progress(found)
  }
  return { ...frame, layers }
}

function groupsOf(site: ActivationSite, given: readonly Activation[]): readonly (readonly number[])[] {
  const first = elementAt(given, 0)
  return site === 'key' || site === 'value' ? headGroups(first) : Array.from({ length: first.heads }, (_, head) => [head])
}
