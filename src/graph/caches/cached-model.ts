// A decoder whose file takes no keys and values of earlier tokens, as a graph of its own that does.

import { tapOf } from '../instrument/append-outputs.ts'
import { applyInstrument } from '../instrument/instrument.ts'
import { pickPositions } from '../instrument/pick-positions.ts'
import { dropUnused } from '../normalise/drop-unused.ts'
import { type OpenedModel, unpackWeights } from '../open-model.ts'
import { type PackedModel, packModel } from '../pack-model.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import type { FedNumbers } from '../shapes/infer-shapes.ts'
import { type AddedCaches, addCaches } from './add-caches.ts'
import type { NoCaches } from './plan-caches.ts'

export interface CachedModel extends PackedModel, Omit<AddedCaches, 'model' | 'changes'> {
  readonly logits: string
  /** @see PreparedModel */
  readonly positionsInput: string | null
}

/**
 * @param ids name of the input that takes the ids
 * @param fedAt what the file's own inputs are fed for one row of so many tokens
 * @throws GraphError invalid-graph
 */
export function cachedModel(
  packed: OpenedModel,
  weights: 'packed' | 'float32',
  ids: string,
  fedAt: (tokens: number) => ReadonlyMap<string, FedNumbers>,
): CachedModel | NoCaches {
  const opened = weights === 'float32' ? unpackWeights(packed) : packed
  const { model, parts, answer } = opened
  const added = addCaches(model, parts.attentions, ids, fedAt)
  if ('refused' in added) return added
  const { changes, ...caches } = added
  const passes = [{ name: 'add-caches', run: () => ({ model: added.model, changes }) }, dropUnused]
  const joined = runPasses(model, passes).model
  const picking = applyInstrument(joined, parts, pickPositions)
  return {
    ...packModel(picking?.model ?? joined, opened.buffers),
    ...caches,
    logits: tapOf(model.graph, answer),
    positionsInput: picking?.ports.positions.name ?? null,
  }
}
