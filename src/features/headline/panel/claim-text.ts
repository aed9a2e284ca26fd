// A headline's claim as a key of the words and what stands in their places: words of the text by unit, answers by what the model said.

import type { Answer, Headline, Without } from '../api.ts'

/** What stands in a place of the sentence. */
export type Filling =
  | { readonly kind: 'words'; readonly units: readonly number[] }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'name'; readonly answer: Answer }
  | { readonly kind: 'share'; readonly value: number }
  | { readonly kind: 'drop'; readonly value: number }
  | { readonly kind: 'count'; readonly value: number }

export interface ClaimText {
  readonly key:
    | 'measuring'
    | 'measuringPassages'
    | 'searching'
    | 'one'
    | 'each'
    | 'eachOther'
    | 'many'
    | 'every'
    | 'pair'
    | 'together'
    | 'noneAlone'
    | 'noneAloneFlat'
    | 'noneAlonePassage'
    | 'noneAloneFlatPassage'
    | 'masked'
    | 'number'
    | 'nothing'
  readonly fillings: Readonly<Record<string, Filling>>
}

/** A fall below this share of certainty is not worth naming a word for. */
const WORTH_NAMING = 0.005

export function claimText(headline: Headline): ClaimText {
  const { claim, units, drops, unit } = headline
  const words = (...named: readonly number[]): Filling => ({ kind: 'words', units: named })
  const count = (value: number): Filling => ({ kind: 'count', value })
  switch (claim.kind) {
    case 'unknown': {
      const done = drops.filter((drop) => !Number.isNaN(drop)).length
      if (done === units.length) return { key: 'searching', fillings: {} }
      return { key: unit === 'word' ? 'measuring' : 'measuringPassages', fillings: { done: count(done), all: count(units.length) } }
    }
    case 'each':
      return eachText(claim.without, units.length)
    case 'together': {
      const { without } = claim
      return {
        key: without.units.length === 2 ? 'pair' : 'together',
        fillings: { words: words(...without.units), answer: { kind: 'answer', answer: without.answer } },
      }
    }
    case 'none-alone': {
      const { without } = claim
      const name: Filling = { kind: 'name', answer: headline.answer }
      if (headline.answer.probability - without.before < WORTH_NAMING) {
        return { key: unit === 'word' ? 'noneAloneFlat' : 'noneAloneFlatPassage', fillings: { name } }
      }
      const after: Filling = { kind: 'share', value: without.before }
      const before: Filling = { kind: 'share', value: headline.answer.probability }
      return { key: unit === 'word' ? 'noneAlone' : 'noneAlonePassage', fillings: { words: words(...without.units), name, before, after } }
    }
    case 'masked':
      return {
        key: 'masked',
        fillings: { words: words(...claim.without.units), answer: { kind: 'answer', answer: claim.without.answer } },
      }
    case 'number': {
      const strongest = strongestOf(drops)
      return { key: 'number', fillings: { words: words(strongest), drop: { kind: 'drop', value: drops[strongest] ?? Number.NaN } } }
    }
    case 'nothing-to-remove':
      return { key: 'nothing', fillings: {} }
  }
}

function eachText(all: readonly Without[], units: number): ClaimText {
  const [first, second] = all
  const named = (tried: readonly (Without | undefined)[]): Filling => ({ kind: 'words', units: tried.flatMap((one) => one?.units ?? []) })
  const answerOf = (tried: Without | undefined): Filling => ({
    kind: 'answer',
    answer: tried?.answer ?? { index: -1, label: '', probability: Number.NaN },
  })
  if (second === undefined) return { key: 'one', fillings: { words: named([first]), answer: answerOf(first) } }
  if (all.length > 2) {
    if (all.length === units) return { key: 'every', fillings: { first: named([first]), answer: answerOf(first) } }
    const count: Filling = { kind: 'count', value: all.length - 2 }
    return { key: 'many', fillings: { first: named([first]), second: named([second]), count, answer: answerOf(first) } }
  }
  const isSame = first?.answer.index === second.answer.index
  if (isSame) return { key: 'each', fillings: { words: named(all), answer: answerOf(weaker(all)) } }
  return {
    key: 'eachOther',
    fillings: { words: named(all), first: named([first]), second: named([second]), answer: answerOf(first), other: answerOf(second) },
  }
}

/** Of answers that are the same, the one of which the model is less sure: what is said of both holds of it. */
function weaker(all: readonly Without[]): Without | undefined {
  return all.toSorted((one, other) => one.answer.probability - other.answer.probability)[0]
}

/** The units that the sentence is about. */
export function unitsNamed({ claim, drops }: Headline): readonly number[] {
  switch (claim.kind) {
    case 'each':
      return claim.without.flatMap(({ units }) => units)
    case 'together':
    case 'none-alone':
    case 'masked':
      return claim.without.units
    case 'number':
      return [strongestOf(drops)]
    case 'unknown':
    case 'nothing-to-remove':
      return []
  }
}

/** The unit of the largest absolute value. */
export function strongestOf(drops: ArrayLike<number>): number {
  return Array.from({ length: drops.length }, (_, at) => at).sort((one, other) => size(drops[other]) - size(drops[one]))[0] ?? -1
}

function size(drop: number | undefined): number {
  return drop === undefined || Number.isNaN(drop) ? -1 : Math.abs(drop)
}
