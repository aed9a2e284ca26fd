// Golden values of the embedded model, and the engine asked for them through its worker, as a page would.

import type { AttentionMatrix, HeadRef } from '#methods/attention/attention'
import { createEngineClient, type WorkerPort } from '#protocol/client'
import type { Backend, ModelCard } from '#protocol/model-api'
import reference from '../../../fixtures/minilm-reference.json'

export interface ReferenceSentence {
  readonly text: string
  readonly ids: readonly number[]
  readonly logits: { readonly data: readonly number[] }
  /** [layers, heads, T, T] */
  readonly attentions: { readonly dims: readonly number[]; readonly data: readonly number[] }
}

export const referenceSentences: readonly ReferenceSentence[] = reference.items

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
    new Worker(new URL('../../../workers/engine.worker.ts', import.meta.url), { type: 'module', name: crypto.randomUUID() })
  const client = createEngineClient(spawn, () => {})
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
        { input: { text, edits: [] }, choice: { heads, reduce: 'each' }, thumbnail: 32 },
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

/** Largest |actual - expected|; Infinity where lengths differ or a value is not a number. */
export function largestGap(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let gap = 0
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN))
    gap = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(gap, difference)
  }
  return gap
}

/** The matrices of all heads in the order of the reference. */
export function flatten(matrices: readonly AttentionMatrix[]): Float32Array {
  const flat = new Float32Array(matrices.reduce((sum, { data }) => sum + data.length, 0))
  let at = 0
  for (const { data } of matrices) {
    flat.set(data, at)
    at += data.length
  }
  return flat
}
