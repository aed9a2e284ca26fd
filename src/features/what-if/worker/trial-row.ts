// What one edit changed, or why it could not be tried.

import { kindOf } from '#answers/answer-kinds'
import type { ForwardPass } from '#engine/passes/pass-cache'
import { headChanges } from '#methods/attention/difference'
import type { AttributionTarget } from '#methods/attribution'
import { cosine, float32At } from '#tensor/vector'
import { alignTokens } from '#text/align'
import type { EditedAnswer, RefusedTrial, WhatIfRow } from '../api.ts'
import type { Trial } from './trials.ts'

/** A run, and what it makes of the target. */
export interface Measured {
  readonly run: ForwardPass
  /** The target where it stands in this run's text. */
  readonly target: AttributionTarget
  /** Its number there. */
  readonly output: number
}

/** Heads of a row that are named. */
const HEADS_NAMED = 5

/** What a trial changed. */
export function rowOfTrial(trial: Trial, before: Measured, after: Measured, left: number): WhatIfRow {
  const [one, other] = [before.run, after.run]
  const changes = headChanges(one.attention, other.attention, alignTokens(one.row.tokens, other.row.tokens))
  const attention = new Float32Array(one.attention.layers.length)
  for (const { layer, moved } of changes) {
    attention[layer] = float32At(attention, layer) + moved / (one.attention.layers[layer]?.heads ?? 1)
  }
  const strongest = changes.toSorted((a, b) => b.moved - a.moved).slice(0, HEADS_NAMED)
  const [first, second] = [answerOf(before), editedAnswer(after.run, after.target)]
  return {
    ...trial,
    output: after.output,
    before: before.output,
    probabilities: {
      before: probabilityOf(before.run, before.target, before.output),
      after: probabilityOf(after.run, after.target, after.output),
    },
    answer: second?.label ?? null,
    answerProbability: second?.probability ?? null,
    flips: first !== null && second !== null && first.label !== second.label,
    attention,
    heads: strongest.map(({ layer, head, moved }) => ({ layer, head, moved })),
    similarity: cosineOf(one.state, other.state),
    left,
  }
}

export function refusedTrial({ family, token, word }: Trial, reason: string): RefusedTrial {
  return { family, token, word, reason }
}

/** What the model answers where the target is asked about: a class or a token; null where it gives no one answer, or it is not known. */
export function editedAnswer(run: ForwardPass, target: AttributionTarget): EditedAnswer | null {
  const best = answerOf({ run, target })
  if (best === null) return null
  return {
    label: best.label,
    probability: probabilityOf(run, { ...target, foil: null, index: best.index }, null),
    targetProbability: probabilityOf(run, { ...target, foil: null }, null),
  }
}

/** The class, or the token where the target is asked about. */
function answerOf({
  run: { prediction },
  target,
}: Pick<Measured, 'run' | 'target'>): { readonly index: number; readonly label: string } | null {
  return kindOf(prediction).best(prediction, target.position)
}

/** 0..1; null where it is not known. @param output the target's number, where it is known */
function probabilityOf({ prediction }: ForwardPass, target: AttributionTarget, output: number | null): number | null {
  return kindOf(prediction).probability({ prediction, chosen: null }, target, output)
}

function cosineOf(one: Float32Array | null, other: Float32Array | null): number | null {
  return one === null || other === null || one.length !== other.length ? null : cosine(one, other)
}
