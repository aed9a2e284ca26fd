// Keeps the one output that answers: a run computes every output, whether it is fetched or not, and caches are not used here.

import type { Graph } from '../ir/graph.ts'
import { type Pass, withGraph } from '../rewrite/rewrite.ts'
import { appendOutputs, tapOf } from './append-outputs.ts'

/** @param answer an output of the graph, or a value inside; given as float32 under the name that `tapOf` says */
export function selectOutput(answer: string): Pass {
  return {
    name: 'select-output',
    run(model) {
      const dropped = model.graph.outputs.filter(({ name }) => name !== answer).length
      const only: Graph = { ...model.graph, outputs: model.graph.outputs.filter(({ name }) => name === answer) }
      const tap = tapOf(only, answer)
      const tapped = appendOutputs(only, [answer])
      const cast = tap !== answer
      if (dropped === 0 && !cast) return { model, changes: [] }
      const graph = { ...tapped, outputs: tapped.outputs.filter(({ name }) => name === tap) }
      const changes = [...(dropped > 0 ? [`left out ${dropped} other outputs`] : []), ...(cast ? [`${answer} is given as float32`] : [])]
      return withGraph(model, { graph, changes })
    },
  }
}
