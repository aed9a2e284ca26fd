// What may come next, as the page shows it: the model's distribution, what the rules make of it, and what each would draw.

import type { ModelTokenizer } from '#engine/text/tokenizer'
import { CUTS, cut, cutBy, drawn, probabilitiesAt, type Ranked, ranked, type SamplingRules } from '#methods/generation/sampling'
import { entropyOf } from '#tensor/softmax'
import { elementAt, float64At } from '#tensor/vector'
import type { Choice, NamedToken } from '../api.ts'

/** Candidates that the page is told of. */
const CANDIDATES = 40

export interface Drawing {
  readonly choice: Choice
  /** The model's own distribution [V]. */
  readonly own: Ranked
  /** Index of the token that is drawn. */
  readonly id: number
}

/** @param uniform of [0,1): what draws */
export function choose(
  scores: Float32Array,
  rules: SamplingRules,
  uniform: number,
  tokenizer: Pick<ModelTokenizer, 'pieceOf' | 'labelOf'>,
): Drawing {
  const own = ranked(probabilitiesAt(scores, 1))
  const isGreedy = rules.temperature === 0
  // A temperature moves no token past another one.
  const shaped: Ranked = isGreedy ? onlyFirst(own) : rules.temperature === 1 ? own : reshaped(own, rules.temperature)
  const final = isGreedy ? shaped : cutBy(shaped, rules)
  const finals = new Map(Array.from(final.ids, (id, at) => [id, float64At(final.probabilities, at)]))
  const places = Array.from({ length: Math.min(CANDIDATES, own.ids.length) }, (_, at) => at)
  const candidates = places.map((at) => {
    const id = elementAt(own.ids, at)
    return {
      ...nameOf(id, tokenizer),
      probability: float64At(own.probabilities, at),
      // At temperature 0 only the first is left.
      shaped: at < shaped.ids.length ? float64At(shaped.probabilities, at) : 0,
      final: finals.get(id) ?? 0,
    }
  })
  const id = drawn(final, uniform)
  const cuts = isGreedy
    ? []
    : CUTS.flatMap((name) => {
        const left = cut(shaped, name, rules[name])
        if (left === shaped) return []
        const kept = new Set(left.ids)
        return {
          name,
          kept: left.ids.length,
          keeps: candidates.map((candidate) => kept.has(candidate.id)),
          drawn: nameOf(drawn(left, uniform), tokenizer),
        }
      })
  const choice: Choice = {
    candidates,
    others: Math.max(0, 1 - candidates.reduce((sum, { probability }) => sum + probability, 0)),
    entropy: entropyOf(own.probabilities),
    kept: final.ids.length,
    cuts,
    drawn: nameOf(id, tokenizer),
  }
  return { choice, own, id }
}

export function nameOf(id: number, tokenizer: Pick<ModelTokenizer, 'pieceOf' | 'labelOf'>): NamedToken {
  const piece = tokenizer.pieceOf(id) ?? `#${id}`
  return { id, piece, label: tokenizer.labelOf(id) ?? piece }
}

function onlyFirst({ ids }: Ranked): Ranked {
  return { ids: ids.slice(0, 1), probabilities: Float64Array.of(1) }
}

/** p^(1/T), renormalised: the softmax of scores over T. */
function reshaped({ ids, probabilities }: Ranked, temperature: number): Ranked {
  return { ids, probabilities: probabilitiesAt(probabilities.map(Math.log), temperature) }
}
