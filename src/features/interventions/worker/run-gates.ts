// The answer with some parts switched off or scaled, beside the untouched one.

import { EngineError } from '#engine/error'
import { targetNumber } from '#engine/passes/target-number'
import type { AttributionTarget } from '#methods/attribution'
import { argmax, float32At } from '#tensor/vector'
import type { Gated, GatedScore, GatesRequest } from '../api.ts'
import type { OpenedTexts } from './opened-texts.ts'
import { changeOf } from './part-change.ts'

/** Tokens of a vocabulary that are listed of each answer. */
const LISTED = 5

/** @throws EngineError `site-closed`, `no-such-part`, `no-other-text`, `other-length`, `run-failed` */
export async function runGates(texts: OpenedTexts, { gates, kind, target }: GatesRequest): Promise<Gated> {
  const { own, passes, model, aim, labelOf, numberIn } = texts
  const { heads, labels } = model.card
  const stray = gates.find(({ part }) => part.layer >= passes.layers || (part.head ?? 0) >= heads)
  if (stray !== undefined) throw new EngineError('no-such-part', 'The model has no such layer or head.', { layer: stray.part.layer + 1 })
  const changes = []
  for (const { part, scale } of gates) changes.push(await changeOf(texts, part, kind, scale))
  const [before = EMPTY, after = EMPTY] = await own.scores([[], changes])
  const known = labels.length === passes.width && labels.length <= MOST_CLASSES ? Array.from(before.keys()) : likely(before, after, target)
  const scoreOf = (scores: Float32Array, index: number): GatedScore => {
    const probability =
      passes.activation === 'none' ? null : targetNumber({ index, foil: null, space: 'probability' }, passes.activation, scores)
    return { score: float32At(scores, index), probability }
  }
  return {
    ...aim,
    untouched: numberIn(before),
    now: numberIn(after),
    rows: known
      .toSorted((one, other) => float32At(after, other) - float32At(after, one))
      .map((index) => ({ index, label: labelOf(index), untouched: scoreOf(before, index), now: scoreOf(after, index) })),
  }
}

const EMPTY = new Float32Array()
/** More classes are not all listed. */
const MOST_CLASSES = 12

function likely(before: Float32Array, after: Float32Array, { index, foil }: AttributionTarget): readonly number[] {
  return Array.from(new Set([index, ...(foil === null ? [] : [foil]), ...largest(before), ...largest(after)]))
}

function largest(scores: Float32Array): readonly number[] {
  const left = scores.slice()
  return Array.from({ length: Math.min(LISTED, scores.length) }, () => {
    const best = argmax(left)
    left[best] = Number.NEGATIVE_INFINITY
    return best
  })
}
