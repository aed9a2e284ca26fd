// Taps the output of the word-embedding lookup: where gradients with respect to tokens begin.

import { type Pass, withGraph } from '../rewrite/rewrite.ts'
import { appendOutputs } from './append-outputs.ts'

/** @param embeddings null where it was not found: what needs it says so itself */
export function exposeEmbeddings(embeddings: string | null): Pass {
  return {
    name: 'expose-embeddings',
    run(model) {
      if (embeddings === null) return { model, changes: [] }
      return withGraph(model, { graph: appendOutputs(model.graph, [embeddings]), changes: [`word embeddings: ${embeddings}`] })
    },
  }
}
