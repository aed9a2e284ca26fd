// From the attention of all heads to the matrices a reader asked for.

import { float32At } from '#tensor/vector'
import type { AttentionChoice, AttentionMatrix, AttentionRun, HeadRef } from './attention.ts'
import { AttentionError } from './attention-error.ts'

/**
 * The chosen heads as matrices [T, T]: one a head for `each`, else one matrix, the mean or maximum element by element.
 * The data are copies: the run keeps its own. No heads give no matrices.
 * @throws AttentionError `no-such-head`
 */
export function chooseAttention(run: AttentionRun, choice: AttentionChoice): AttentionMatrix[] {
  const matrices = choice.heads.map((head): AttentionMatrix => ({ head, tokens: run.tokens, data: headMatrix(run, head).slice() }))
  const [first, ...others] = matrices
  if (first === undefined || choice.reduce === 'each' || others.length === 0) return matrices
  const data = first.data
  for (const other of others) (choice.reduce === 'max' ? takeMaximum : add)(data, other.data)
  if (choice.reduce === 'mean') for (let i = 0; i < data.length; i++) data[i] = float32At(data, i) / matrices.length
  return [{ head: null, tokens: run.tokens, data }]
}

/** The choice, or where it names no head the one that is found, or the first where none is; no head of a run that has none. */
export function orHead(choice: AttentionChoice, { layers }: AttentionRun, found: HeadRef | null): AttentionChoice {
  return choice.heads.length > 0 || layers.length === 0 ? choice : { heads: [found ?? { layer: 0, head: 0 }], reduce: 'each' }
}

/**
 * One head's probabilities [T, T] as a view of the run's own memory.
 * @throws AttentionError `no-such-head`
 */
export function headMatrix(run: AttentionRun, { layer, head }: HeadRef): Float32Array {
  const heads = run.layers[layer]
  if (heads === undefined || !Number.isInteger(head) || head < 0 || head >= heads.heads)
    throw new AttentionError('no-such-head', { layer, head })
  const size = run.tokens * run.tokens
  return heads.data.subarray(head * size, (head + 1) * size)
}

function add(into: Float32Array, values: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = float32At(into, i) + float32At(values, i)
}

function takeMaximum(into: Float32Array, values: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = Math.max(float32At(into, i), float32At(values, i))
}
