// Starts the graph that keeps keys and values for a file that takes none: with the first text that goes on, since it holds the weights
// a second time.

import { cachedModel } from '#graph/caches/cached-model'
import { GraphError } from '#graph/ir/errors'
import type { PreparedInput } from '#graph/model-inputs'
import type { OpenedModel } from '#graph/open-model'
import { computesInHalf } from '#graph/prepare'
import type { CacheRefusal, WeightForm } from '#protocol/model-api'
import { EngineError } from '../error.ts'
import { agreeWithWhole, type CachedPasses, createCachedPasses } from '../passes/cached-passes.ts'
import type { ContinuingPasses } from '../passes/continuing-passes.ts'
import { buildFeeds, type InputConvention, isTokenIds } from '../passes/feeds.ts'
import type { GraphSession, RunnableModel } from '../runtime/session.ts'

/** @param whole the same model, which reads the whole text for each token @param known ids that it knows */
export type StartCached = (whole: ContinuingPasses, known: readonly number[]) => Promise<CachedPasses>

/** The file is kept until then. */
export function cachedStart(
  opened: OpenedModel,
  weights: WeightForm,
  inputs: readonly PreparedInput[],
  layout: InputConvention,
  create: (model: RunnableModel) => Promise<GraphSession>,
): StartCached {
  let source: OpenedModel | null = opened
  return async (whole, known) => {
    if (source === null) throw new EngineError('session-failed', 'The session was started before.')
    const from = source
    source = null
    const ids = inputs.find(({ name }) => isTokenIds(name))?.name
    if (ids === undefined) return refused('shapes')
    // Two ways round to other numbers there: by a thousandth of the scores' range in the files that were tried, and then to other tokens.
    if (computesInHalf(from.model.graph)) return refused('half')
    const fedAt = (tokens: number) => {
      const feeds = buildFeeds(inputs, { ids: new Array<number>(tokens).fill(0) }, layout)
      return new Map(Object.entries(feeds).map(([name, { dims, data }]) => [name, { dims, numbers: Array.from(data, Number) }]))
    }
    try {
      const model = cachedModel(from, weights, ids, fedAt)
      if ('refused' in model) return refused(model.refused, model.at)
      const session = await create({ ...model, isHalf: false })
      const { bytes: _bytes, externalData: _data, ...kept } = model
      const passes = createCachedPasses(session, kept, inputs, layout)
      if (await agreeWithWhole(passes, whole, known)) return { passes }
      await session.release()
      return refused('differs')
    } catch (error) {
      // The text goes on without; nothing else depends on it.
      if (error instanceof GraphError || error instanceof EngineError) return refused('start')
      throw error
    }
  }
}

export function refused(reason: CacheRefusal['reason'], at: string | null = null): CachedPasses {
  return { refused: { reason, at } }
}
