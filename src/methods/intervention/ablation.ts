// What stands in the place of a part that is switched off. The verdict may depend on it: zero is far from what a part ever gives, a mean
// keeps what it gives on average, and another text's activation keeps the distribution (Zhang and Nanda, "Towards Best Practices of
// Activation Patching in Language Models", 2024, section 2).

import type { AblationKind } from '#catalogue/interventions'
import { rankCorrelation } from '#tensor/rank-correlation'
import { elementAt, float32At } from '#tensor/vector'
import type { Activation, ModelPart } from './activation-change.ts'

/**
 * @param other what the other text gives there: of the same length
 * @returns null for zero
 * @throws RangeError where the other text is missing
 */
export function standInFor(kind: AblationKind, own: Activation, other: Activation | null): Activation | null {
  switch (kind) {
    case 'zero':
      return null
    case 'mean':
      return meanOverPositions(own)
    case 'resample':
      if (other === null || other.tokens !== own.tokens) throw new RangeError('The other text is missing, or of another length.')
      return other
  }
}

/** At every position the mean over all of them, the first included. */
export function meanOverPositions({ heads, tokens, width, data }: Activation): Activation {
  const means = new Float32Array(data.length)
  for (let head = 0; head < heads; head++) {
    for (let at = 0; at < width; at++) {
      let sum = 0
      for (let token = 0; token < tokens; token++) sum += float32At(data, (head * tokens + token) * width + at)
      for (let token = 0; token < tokens; token++) means[(head * tokens + token) * width + at] = sum / tokens
    }
  }
  return { heads, tokens, width, data: means }
}

/** How far two kinds of ablation agree on which parts matter. */
export interface KindAgreement {
  readonly one: AblationKind
  readonly other: AblationKind
  /** Spearman's, of the effects of all parts. */
  readonly correlation: number
  /** Parts whose effects differ most, that first; the first kind's effect and the second's. */
  readonly differing: readonly { readonly part: ModelPart; readonly one: number; readonly other: number }[]
}

/** @param effects of the parts by each kind, in one order */
export function compareKinds(
  parts: readonly ModelPart[],
  one: { readonly kind: AblationKind; readonly effects: readonly number[] },
  other: { readonly kind: AblationKind; readonly effects: readonly number[] },
  count = 3,
): KindAgreement {
  const gaps = parts.map((part, at) => {
    const [left, right] = [elementAt(one.effects, at), elementAt(other.effects, at)]
    return { part, one: left, other: right }
  })
  return {
    one: one.kind,
    other: other.kind,
    correlation: rankCorrelation(one.effects, other.effects),
    differing: gaps.toSorted((left, right) => Math.abs(right.one - right.other) - Math.abs(left.one - left.other)).slice(0, count),
  }
}
