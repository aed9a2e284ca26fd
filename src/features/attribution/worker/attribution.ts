// What each token contributed to a target; finished answers are kept with their run.

import { usedOptions } from '#catalogue/attribution-methods'
import type { Feature } from '#engine/engine-services'
import { byRun } from '#engine/passes/by-run'
import type { Attribution } from '#methods/attribution'
import type { AttributionApi } from '../api.ts'

export const attributionHandlers: Feature<AttributionApi> = ({ runOf, explaining, schedule }) => {
  const attributions = byRun<string, Attribution>()
  return {
    attribute: async ({ input, target, method, options, reference }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const known = attributions(run)
      const used = usedOptions(method, options)
      const beginsAtText = used.includes('reference')
      const from = beginsAtText && reference !== null ? (await runOf(reference, signal)).row : null
      const key = JSON.stringify([method, target, used, beginsAtText ? reference : null])
      const finished = known.get(key)
      if (finished) return finished
      // The methods' code comes with the first question: the first view does not wait for it.
      const [view, { attribute }] = await Promise.all([explaining(run, target), import('./attribute.ts')])
      const answer = await attribute(view, { method, target, options, reference: from }, schedule, signal, progress)
      known.set(key, answer)
      return answer
    },
  }
}
