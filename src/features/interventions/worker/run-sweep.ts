// Every head, attention block and MLP switched off alone, layer by layer, by each kind of ablation.

import type { AblationKind } from '#catalogue/interventions'
import { EngineError } from '#engine/error'
import { compareKinds } from '#methods/intervention/ablation'
import type { ModelPart } from '#methods/intervention/activation-change'
import { elementAt } from '#tensor/vector'
import type { Sweep, SweepLayer } from '../api.ts'
import type { OpenedTexts } from './opened-texts.ts'
import { changeOf } from './part-change.ts'

/** Layers of a kind that are known already, by their place. */
export type KnownLayers = Map<AblationKind, SweepLayer[]>

/**
 * @param known of the same question; what is found is added to it
 * @throws EngineError `site-closed`, `no-other-text`, `other-length`, `run-failed`
 */
export async function runSweep(
  texts: OpenedTexts,
  kinds: readonly AblationKind[],
  known: KnownLayers,
  progress: (layer: SweepLayer) => void,
): Promise<Sweep> {
  const { passes, own, numberIn } = texts
  if (!PART_KINDS.some((kind) => passes.sites.has(kind)))
    throw new EngineError('site-closed', 'Neither heads nor blocks of this model were recognised.', { site: 'head' })
  let untouched = Number.NaN
  for (const kind of kinds) {
    const layers = known.get(kind) ?? []
    known.set(kind, layers)
    for (const layer of layers) progress(layer)
    for (let layer = layers.length; layer < passes.layers; layer++) {
      const parts = partsOf(texts, layer)
      const changes = []
      for (const part of parts) changes.push([await changeOf(texts, part, kind, 0)])
      if (Number.isNaN(untouched)) untouched = numberOf(await own.scores([[]]), numberIn)
      const numbers = (await own.scores(changes)).map(numberIn)
      const of = (wanted: ModelPart['kind']) => numbers.filter((_, at) => parts[at]?.kind === wanted)
      const found: SweepLayer = {
        kind,
        layer,
        untouched,
        heads: of('head'),
        attention: of('attention')[0] ?? null,
        mlp: of('mlp')[0] ?? null,
      }
      layers.push(found)
      progress(found)
    }
  }
  const all = kinds.map((kind) => ({ kind, layers: known.get(kind) ?? [] }))
  const [first] = all[0]?.layers ?? []
  const number = first?.untouched ?? Number.NaN
  // What a block does is what its heads do once more: kinds are compared by one sort of parts.
  const sort = passes.sites.has('head') ? 'head' : passes.sites.has('mlp') ? 'mlp' : 'attention'
  const parts = Array.from({ length: passes.layers }, (_, layer) => partsOf(texts, layer)).flat()
  const compared = parts.filter(({ kind }) => kind === sort)
  const effects = all.map(({ kind, layers }) => ({
    kind,
    effects: layers.flatMap(numbersOf).flatMap((value, at) => (parts[at]?.kind === sort ? [number - value] : [])),
  }))
  return {
    untouched: number,
    kinds: all,
    agreements: effects.flatMap((one, at) => effects.slice(at + 1).map((other) => compareKinds(compared, one, other))),
  }
}

const PART_KINDS = ['head', 'attention', 'mlp'] as const

/** In the order of the numbers of a layer. */
function partsOf({ passes, model }: OpenedTexts, layer: number): readonly ModelPart[] {
  const heads = passes.sites.has('head')
    ? Array.from({ length: model.card.heads }, (_, head): ModelPart => ({ kind: 'head', layer, head }))
    : []
  const blocks = (['attention', 'mlp'] as const).filter((kind) => passes.sites.has(kind))
  return [...heads, ...blocks.map((kind): ModelPart => ({ kind, layer, head: null }))]
}

function numbersOf({ heads, attention, mlp }: SweepLayer): readonly number[] {
  return [...heads, attention, mlp].filter((number) => number !== null)
}

function numberOf(scores: readonly Float32Array[], numberIn: OpenedTexts['numberIn']): number {
  return numberIn(elementAt(scores, 0))
}
