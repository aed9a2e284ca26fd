// Runs of inputs with their attention: prediction first, then the matrices on screen, then thumbnails of all heads.

import type { Feature } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { tokenFocus } from '#methods/attention/focus'
import { gradientAttention, gradientAttentionScale } from '#methods/attention/gradient-attention'
import { headImportance } from '#methods/attention/gradient-x-attention'
import { headStatistics, mostImportantHead } from '#methods/attention/head-statistics'
import { chooseAttention, orHead } from '#methods/attention/reduce'
import { attentionThumbnails, signedThumbnails, thumbnailSize, without } from '#methods/attention/thumbnail'
import { transfer } from '#protocol/serve'
import type { AttentionApi } from '../api.ts'

export const attentionHandlers: Feature<AttentionApi> = ({ runOf, explaining, schedule }) => ({
  run: async ({ input, choice: wanted, thumbnail, sinksAside }, { signal, progress }) => {
    const run = await runOf(input, signal)
    const { row, attention, precomputed, runMs } = run
    progress({
      kind: 'prediction',
      row,
      prediction: run.prediction,
      precomputed,
      runMs,
      layers: attention.layers.length,
      heads: attention.layers[0]?.heads ?? 0,
    })
    const statistics = headStatistics(attention, row.tokens)
    const choice = orHead(wanted, attention, statistics.contentHead)
    progress({ kind: 'matrices', choice, matrices: transfer(chooseAttention(attention, choice)), statistics })
    const kept = without(attention.tokens, sinksAside ? statistics.sinks : [])
    const size = thumbnailSize(kept.length, thumbnail)
    for (const [layer, { heads }] of attention.layers.entries()) {
      await hearCancel(signal)
      progress({ kind: 'thumbnails', layer, heads, size, data: transfer(attentionThumbnails(attention, layer, thumbnail, kept)) })
    }
    return null
  },
  attention: async ({ input, choice }, { signal }) => transfer(chooseAttention((await runOf(input, signal)).attention, choice)),
  gradientAttention: async ({ input, target, choice: wanted, thumbnail, sinksAside }, { signal, progress }) => {
    const run = await runOf(input, signal)
    const { gradients } = await explaining(run, target)
    if (gradients === null) throw new EngineError('no-gradients', 'The model has no gradients here.')
    const { layers } = await schedule.add('live', () => !signal.aborted, gradients.attention)
    signal.throwIfAborted()
    const products = gradientAttention(layers, run.attention.tokens)
    const scale = gradientAttentionScale(products)
    const importance = headImportance(layers)
    const statistics = headStatistics(run.attention, run.row.tokens)
    const first = mostImportantHead(importance, statistics, layers[0]?.heads ?? 0)
    progress({ kind: 'importance', importance, first, scale })
    const choice = orHead(wanted, products, first)
    progress({ kind: 'matrices', choice, matrices: transfer(chooseAttention(products, choice)) })
    const kept = without(products.tokens, sinksAside ? statistics.sinks : [])
    const size = thumbnailSize(kept.length, thumbnail)
    for (const [layer, { heads }] of products.layers.entries()) {
      await hearCancel(signal)
      progress({ kind: 'thumbnails', layer, heads, size, data: transfer(signedThumbnails(products, layer, thumbnail, scale, kept)) })
    }
    return null
  },
  focus: async ({ input, token }, { signal }) => transfer(tokenFocus((await runOf(input, signal)).attention, token)),
})
