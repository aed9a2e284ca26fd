// How attention differs between two inputs of one model.

import type { Feature } from '#engine/engine-services'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { attentionDifference, headChanges } from '#methods/attention/difference'
import { headStatistics, mostChangedHead } from '#methods/attention/head-statistics'
import { orHead } from '#methods/attention/reduce'
import { differenceThumbnails, thumbnailSize, without } from '#methods/attention/thumbnail'
import { transfer } from '#protocol/serve'
import { type Alignment, alignTokens } from '#text/align'
import type { CompareApi } from '../api.ts'

export const compareHandlers: Feature<CompareApi> = ({ runOf }) => ({
  difference: async ({ a, b, choice: wanted, thumbnail, sinksAside }, { signal, progress }) => {
    const [runA, runB] = [await runOf(a, signal), await runOf(b, signal)]
    const alignment = alignTokens(runA.row.tokens, runB.row.tokens)
    progress({ kind: 'alignment', alignment })
    const statistics = headStatistics(runA.attention, runA.row.tokens)
    const changes = headChanges(runA.attention, runB.attention, alignment)
    const choice = orHead(wanted, runA.attention, mostChangedHead(changes) ?? statistics.contentHead)
    progress({ kind: 'matrices', choice, matrices: transfer(attentionDifference(runA.attention, runB.attention, alignment, choice)) })
    progress({ kind: 'heads', changes })
    const sinks = [statistics.sinks, headStatistics(runB.attention, runB.row.tokens).sinks] as const
    const kept = without(alignment.a.length, sinksAside ? columnsOf(alignment, ...sinks) : [])
    const size = thumbnailSize(kept.length, thumbnail)
    for (const [layer, { heads }] of runA.attention.layers.entries()) {
      await hearCancel(signal)
      const data = transfer(differenceThumbnails(runA.attention, runB.attention, alignment, layer, thumbnail, kept))
      progress({ kind: 'thumbnails', layer, heads, size, data })
    }
    return null
  },
})

/** Columns of the alignment with a sink on either side; none where no other column would be left. */
function columnsOf({ a, b }: Alignment, sinksA: readonly number[], sinksB: readonly number[]): readonly number[] {
  const columns = Array.from(a.keys()).filter((column) => sinksA.includes(a[column] ?? -1) || sinksB.includes(b[column] ?? -1))
  return columns.length < a.length ? columns : []
}
