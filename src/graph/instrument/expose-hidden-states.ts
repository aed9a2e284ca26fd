// Taps the embedding output and the residual stream after every layer.

import { type Pass, withGraph } from '../rewrite/rewrite.ts'
import { appendOutputs } from './append-outputs.ts'

/** @param states the embedding output, then each layer's; empty where they were not found, which the record says */
export function exposeHiddenStates(states: readonly string[]): Pass {
  return {
    name: 'expose-hidden-states',
    run(model) {
      const changes = states.map((value, place) => (place === 0 ? `embedding output: ${value}` : `after layer ${place - 1}: ${value}`))
      const record = changes.length > 0 ? changes : ['no residual stream was recognised: hidden states are not available']
      return withGraph(model, { graph: appendOutputs(model.graph, states), changes: record })
    },
  }
}
