// A model that runs words, and what tests ask of it.

import type { LoadRequest, ModelCard } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
import type { TokenEdit } from '#text/edit'
import type { TokenRow } from '#text/token'
import type { LoadedModel } from '../model/model.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { rowOf, runOfRow } from './run.fixture.ts'

export const LOAD: LoadRequest = {
  source: { kind: 'folder', base: 'https://page.test/m/', snapshot: 'https://page.test/s' },
  runtime: 'https://page.test/ort/',
  backend: 'auto',
  weights: 'auto',
}
export const WITHOUT_SNAPSHOT = { source: { kind: 'folder', base: 'https://page.test/m/', snapshot: null } } as const
export const CARD = { name: 'toy' } as ModelCard
export const inputOf = (text: string, edits: readonly TokenEdit[] = []): ModelInput => ({ text, edits })
export const never = new AbortController().signal
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

export interface Deferred<Value> {
  readonly promise: Promise<Value>
  resolve(value: Value): void
  reject(error: unknown): void
}

export function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** A model of words; counts the rows that it ran. */
export function toyModel(ran: string[] = []): LoadedModel {
  const idOf = (piece: string): number => rowOf(piece).tokens[1]?.id ?? 0
  return {
    card: CARD,
    tokenizer: {
      encode: rowOf,
      pieceOf: () => null,
      pad: null,
      separator: { id: 102, piece: '[SEP]' },
      end: null,
      decode: () => '',
      encodeWord: (word) =>
        word
          .split(' ')
          .filter(Boolean)
          .map((piece) => ({ id: idOf(piece), piece })),
      mask: { id: 103, piece: '[MASK]' },
      maxTokens: 16,
      encodeChat: (text) => rowOf(`chat ${text}`),
      labelOf: () => null,
      size: 1000,
      hasChat: true,
    },
    ends: new Set(),
    continuing: null,
    cachedContinuing: null,
    reading: null,
    path: null,
    intervening: null,
    runsOf: null,
    // The number of a row is how many of its tokens are not masked.
    forwardOf: () => ({
      outputs: async (rows) => Float64Array.from(rows, ({ ids }) => ids.filter((id) => id !== 103).length),
      answers: async (rows) =>
        rows.map(({ ids }) => ({ output: ids.filter((id) => id !== 103).length, best: 0, ofBest: Number.NaN, ofTarget: Number.NaN })),
      batches: () => [],
      passes: () => 0,
      know: () => undefined,
    }),
    measuring: null,
    statesOf: null,
    steepest: null,
    removals: { mask: 103, pad: null, neighbour: null, labelOf: String },
    answerAt: async (row, position) => {
      ran.push(`${row.tokens.length} at ${position}`)
      return position < row.tokens.length ? { position, candidates: [], entropy: position } : null
    },
    run: async (row: TokenRow) => {
      ran.push(row.tokens.map(({ label }) => label).join(' '))
      return runOfRow(row, { seed: 2 })
    },
  }
}

export const precomputed = (text: string): Snapshot => ({
  model: 'toy',
  runs: [{ input: inputOf(text), run: runOfRow(rowOf(text), { precomputed: true, seed: 1 }) }],
})

export const context = { signal: never, progress: () => undefined }
