// The embedded model asked through its worker, as a page would.

import type { EngineApi } from '#features/worker.ts'
import type { AttentionMatrix, HeadRef } from '#methods/attention/attention'
import { createWorkerClient, type WorkerPort } from '#protocol/client'
import type { Backend, ModelCard } from '#protocol/model-api'

export interface EngineAnswer {
  readonly ids: readonly number[]
  readonly logits: Float32Array
  readonly matrices: readonly AttentionMatrix[]
}

export interface ReferenceEngine {
  readonly card: ModelCard
  answer(text: string): Promise<EngineAnswer>
  end(): void
}

/** Loads the embedded model in a worker of its own. */
export async function startReferenceEngine(backend: Backend): Promise<ReferenceEngine> {
  const spawn = (): WorkerPort =>
    new Worker(new URL('../../../../../workers/engine.worker.ts', import.meta.url), { type: 'module', name: crypto.randomUUID() })
  const client = createWorkerClient<EngineApi>(spawn, () => {})
  const address = (path: string): string => new URL(path, location.origin).href
  const card = await client.call('load', {
    source: { kind: 'folder', base: address('/models/minilm-sst2/'), snapshot: null },
    runtime: address('/ort/'),
    backend,
    weights: 'auto',
  })
  const heads: readonly HeadRef[] = Array.from({ length: card.layers * card.heads }, (_, i) => ({
    layer: Math.floor(i / card.heads),
    head: i % card.heads,
  }))
  return {
    card,
    end: client.end,
    async answer(text) {
      let ids: readonly number[] = []
      let logits = new Float32Array()
      let matrices: readonly AttentionMatrix[] = []
      await client.call(
        'run',
        { input: { text, edits: [] }, choice: { heads, reduce: 'each' }, thumbnail: 32, sinksAside: false },
        {
          onProgress: (part) => {
            if (part.kind === 'prediction') {
              ids = part.row.tokens.map(({ id }) => id)
              if (part.prediction.kind === 'classes') logits = Float32Array.from(part.prediction.logits)
            } else if (part.kind === 'matrices') matrices = part.matrices
          },
        },
      )
      return { ids, logits, matrices }
    },
  }
}
