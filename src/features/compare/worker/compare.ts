// How attention differs between two inputs of one model.

import type { Feature } from '#engine/engine-services'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { attentionDifference, headChanges } from '#methods/attention/difference'
import { differenceThumbnails, thumbnailSize } from '#methods/attention/thumbnail'
import { transfer } from '#protocol/serve'
import { alignTokens } from '#text/align'
import type { CompareApi } from '../api.ts'

export const compareHandlers: Feature<CompareApi> = ({ runOf }) => ({
  difference: async ({ a, b, choice, thumbnail }, { signal, progress }) => {
    const [runA, runB] = [await runOf(a, signal), await runOf(b, signal)]
    const alignment = alignTokens(runA.row.tokens, runB.row.tokens)
    progress({ kind: 'alignment', alignment })
    progress({ kind: 'matrices', matrices: transfer(attentionDifference(runA.attention, runB.attention, alignment, choice)) })
    progress({ kind: 'heads', changes: headChanges(runA.attention, runB.attention, alignment) })
    const size = thumbnailSize(alignment.a.length, thumbnail)
    for (const [layer, { heads }] of runA.attention.layers.entries()) {
      await hearCancel(signal)
      const data = transfer(differenceThumbnails(runA.attention, runB.attention, alignment, layer, thumbnail))
      progress({ kind: 'thumbnails', layer, heads, size, data })
    }
    return null
  },
})
