// The hidden states of a row, as it is and with value vectors zeroed.

import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import { inputRow } from './feeds.ts'
import { once } from './once.ts'
import { createRowBatches, type RowOutputs, type RowSession } from './row-batches.ts'

/** A row's hidden states; needs no target. */
export interface StatePasses {
  /** The embedding output, then each layer's output, each [T,d]. One pass; the same answer when it is asked again. @throws EngineError `run-failed` */
  states(): Promise<readonly Float32Array[]>
  /**
   * Outputs [T,d] of a layer, each with the value vector of one token zeroed in the attention of that layer. One batch.
   * @throws EngineError `run-failed`
   */
  withZeroedValue(layer: number, tokens: readonly number[]): Promise<readonly Float32Array[]>
  /** How many tokens the next batch should have at most, so that what waits for it need not wait long. */
  rows(): number
}

export type StatePassesOf = (row: TokenRow) => StatePasses

/** null where the residual stream or the value vectors of the layers were not recognised. */
export function createStatePassesOf(graph: RowSession): StatePassesOf | null {
  const { plan } = graph
  const { hiddenStates } = plan.outputs
  const layers = plan.interventions.valueMasks?.layers.length ?? 0
  if (layers === 0 || hiddenStates.length !== layers + 1) return null
  const batches = createRowBatches(graph)
  return ({ tokens }) => {
    const row = { ...inputRow(tokens), position: null, embeddings: null }
    /** Of one pass alone: a batch's states are parts of one buffer. */
    const read = (outputs: RowOutputs | undefined, name: string | undefined): Float32Array => {
      const state = outputs?.(name ?? '')
      if (state === undefined || state.length === 0) throw new EngineError('run-failed', 'A layer gave no output.')
      return state
    }
    return {
      states: once(async () => {
        const [outputs] = await batches.run([row], hiddenStates)
        return hiddenStates.map((name) => read(outputs, name))
      }),
      withZeroedValue: async (layer, zeroed) => {
        const name = hiddenStates[layer + 1] ?? ''
        const rows = zeroed.map((token) => ({ ...row, zeroed: { layer, token } }))
        return (await batches.run(rows, [name])).map((outputs) => read(outputs, name))
      },
      rows: () => batches.most(),
    }
  }
}
