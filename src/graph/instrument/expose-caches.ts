// Makes each layer's keys and values of the tokens that are read outputs, where the file takes those of earlier ones.

import type { KeyValueCache } from '../recognise/caches.ts'
import { type Pass, withGraph } from '../rewrite/rewrite.ts'
import { appendOutputs } from './append-outputs.ts'

export function exposeCaches(caches: readonly KeyValueCache[]): Pass {
  return {
    name: 'expose-caches',
    run(model) {
      const graph = appendOutputs(
        model.graph,
        caches.map(({ fresh }) => fresh),
      )
      return withGraph(model, {
        graph,
        changes: graph === model.graph ? [] : [`keys and values of ${caches.length / 2} layers, which continue a text`],
      })
    },
  }
}
