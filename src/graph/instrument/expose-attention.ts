// Taps the attention probabilities of every layer.

import type { Attention } from '../recognise/attention.ts'
import { type Pass, withGraph } from '../rewrite/rewrite.ts'
import { appendOutputs } from './append-outputs.ts'

export function exposeAttention(attentions: readonly Attention[]): Pass {
  return {
    name: 'expose-attention',
    run(model) {
      const values = attentions.map((attention) => attention.probabilities)
      const changes = attentions.map(({ layer, probabilities, heads }) => {
        return `layer ${layer}: ${probabilities}${heads === null ? '' : `, ${heads} heads`}`
      })
      return withGraph(model, { graph: appendOutputs(model.graph, values), changes })
    },
  }
}
