// What one edit changed, or why it could not be tried.

import { kindOf } from '#answers/answer-kinds'
import type { ForwardPass } from '#engine/passes/pass-cache'
import { headChanges } from '#methods/attention/difference'
import { cosine, float32At } from '#tensor/vector'
import { alignTokens } from '#text/align'
import type { RefusedTrial, WhatIfRow } from '../api.ts'
import type { Trial } from './trials.ts'

/** What a trial changed. @param output the target's number after it */
export function rowOfTrial(
  trial: Trial,
  before: ForwardPass,
  after: ForwardPass,
  outputs: { readonly before: number; readonly output: number },
  left: number,
): WhatIfRow {
  const alignment = alignTokens(before.row.tokens, after.row.tokens)
  const layers = before.attention.layers.length
  const attention = new Float32Array(layers)
  for (const { layer, moved } of headChanges(before.attention, after.attention, alignment)) {
    attention[layer] = float32At(attention, layer) + moved / (before.attention.layers[layer]?.heads ?? 1)
  }
  const [one, other] = [answerOf(before), answerOf(after)]
  return { ...trial, ...outputs, answer: other, turned: one !== other, attention, similarity: cosineOf(before.state, after.state), left }
}

export function refusedTrial({ family, token, word }: Trial, reason: string): RefusedTrial {
  return { family, token, word, reason }
}

/** The class, or the token where the model is asked by itself. */
function answerOf({ prediction }: ForwardPass): string | null {
  return kindOf(prediction).best(prediction, null)?.label ?? null
}

function cosineOf(one: Float32Array | null, other: Float32Array | null): number | null {
  return one === null || other === null || one.length !== other.length ? null : cosine(one, other)
}
