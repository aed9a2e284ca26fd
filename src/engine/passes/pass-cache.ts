// Finished runs by input, least recently used out first, bounded in bytes. Requests in flight are shared.

import type { Prediction } from '#answers/answer-kinds'
import type { AttentionRun } from '#methods/attention/attention'
import type { ModelInput } from '#protocol/prediction'
import type { TokenRow } from '#text/token'

/** Everything one forward pass told us. */
export interface ForwardPass {
  readonly row: TokenRow
  readonly prediction: Prediction
  readonly attention: AttentionRun
  /** [d]: mean of the last hidden state over tokens; null where that is not known. */
  readonly state: Float32Array | null
  /** Came from a snapshot, not from the model in this page. */
  readonly precomputed: boolean
  readonly runMs: number
}

/** At most this much attention is kept: three runs of 512 tokens over 72 heads, or hundreds of ordinary sentences. */
export const CACHE_BYTES = 256 * 2 ** 20

export interface PassCache {
  /**
   * The finished run, or `compute`'s, shared by all who ask while it is under way.
   * `compute` gets a test of whether anyone still waits; it may give up when no one does.
   */
  get(input: ModelInput, signal: AbortSignal, compute: (wanted: () => boolean) => Promise<ForwardPass>): Promise<ForwardPass>
  has(input: ModelInput): boolean
  put(input: ModelInput, run: ForwardPass): void
  /** Forgets the runs that a predicate names. */
  drop(which: (run: ForwardPass) => boolean): void
}

export function createPassCache(limitBytes: number = CACHE_BYTES): PassCache {
  const finished = new Map<string, ForwardPass>()
  const underWay = new Map<string, { readonly run: Promise<ForwardPass>; readonly waiting: AbortSignal[] }>()
  let bytes = 0

  const forget = (key: string): void => {
    const run = finished.get(key)
    if (!run) return
    finished.delete(key)
    bytes -= bytesOf(run)
  }
  const keep = (key: string, run: ForwardPass): void => {
    forget(key)
    finished.set(key, run)
    bytes += bytesOf(run)
    for (const oldest of finished.keys()) {
      if (bytes <= limitBytes || oldest === key) break
      forget(oldest)
    }
  }

  return {
    has: (input) => finished.has(keyOf(input)),
    put: (input, run) => keep(keyOf(input), run),
    drop: (which) => {
      for (const [key, run] of finished) if (which(run)) forget(key)
    },
    async get(input, signal, compute) {
      const key = keyOf(input)
      const known = finished.get(key)
      if (known) {
        finished.delete(key)
        finished.set(key, known)
        return known
      }
      const shared = underWay.get(key)
      if (shared?.waiting.some((other) => !other.aborted)) {
        shared.waiting.push(signal)
        return shared.run
      }
      const waiting = [signal]
      const run = compute(() => waiting.some((other) => !other.aborted))
      const entry = { run, waiting }
      underWay.set(key, entry)
      try {
        const result = await run
        keep(key, result)
        return result
      } finally {
        if (underWay.get(key) === entry) underWay.delete(key)
      }
    },
  }
}

/** Inputs are equal when their text, edits and template are. */
function keyOf(input: ModelInput): string {
  return JSON.stringify([input.text, input.edits, input.chat ?? false])
}

function bytesOf(run: ForwardPass): number {
  return run.attention.layers.reduce((sum, layer) => sum + layer.data.byteLength, 0)
}
