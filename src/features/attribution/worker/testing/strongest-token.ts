// Whether the token that a method says speaks most for the answer lowers it when it is taken away: how often, over many sentences.

import { readFileSync } from 'node:fs'
import { kindOf } from '#answers/answer-kinds'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { DEFAULT_OPTIONS, type Removal } from '#catalogue/attribution-options'
import type { LoadedModel } from '#engine/model/model'
import { createSchedule } from '#engine/passes/schedule'
import { gameOf, turnsOf, viewTarget } from '#engine/passes/target-view'
import { never } from '#engine/testing/toy-model.fixture'
import type { AttributionTarget } from '#methods/attribution'
import { fullCoalition, type TokenGame, withPlayers } from '#methods/games/game'
import { elementAt } from '#tensor/vector'
import { attribute } from '../attribute.ts'

/** The first 200 sentences of SST-2's dev set (GLUE, Wang et al., 2018; Stanford Sentiment Treebank, Socher et al., 2013). */
export const SENTENCES: readonly string[] = readFileSync('fixtures/sst2-dev-200.tsv', 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t')[0] ?? '')

/** The one that the sentence is tinted by, and those of one pass. */
const CHEAP_METHODS: readonly AttributionMethodId[] = ['leave-one-out', 'saliency', 'input-x-gradient', 'gradient-x-attention', 'relevance']

const ignore = (): void => undefined

export interface StrongestToken {
  readonly method: AttributionMethodId
  /** Shares of the sentences in which the target's logit is lower without the method's strongest token: deleted, and masked. */
  readonly deleted: number
  readonly masked: number
  /** Mean fall of the logit when it is deleted. */
  readonly fall: number
}

/**
 * The strongest token is the one with the largest value, of those that can be taken away. The target is the logit of the class that the
 * model answers with.
 */
export async function judgeStrongest(
  model: LoadedModel,
  texts: readonly string[],
  methods: readonly AttributionMethodId[] = CHEAP_METHODS,
): Promise<readonly StrongestToken[]> {
  const sums = new Map(methods.map((method) => [method, { deleted: 0, masked: 0, fall: 0 }]))
  for (const text of texts) {
    const target: AttributionTarget = { index: await answerOf(model, text), foil: null, position: null, space: 'score' }
    const view = viewTarget(model, model.tokenizer.encode(text), target)
    const gameBy = (removal: Removal): Promise<TokenGame> =>
      gameOf(view, target, { removal, unit: 'token' }, turnsOf(createSchedule(), 'background'), never)
    const [deletion, masking] = [await gameBy('delete'), await gameBy('mask')]
    const fallOf = async (game: TokenGame, token: number): Promise<number> => {
      const all = fullCoalition(game.players)
      const player = game.units.findIndex((unit) => unit.includes(token))
      const [whole = Number.NaN, without = Number.NaN] = await game.payoffs([all, withPlayers(all, [player], 0)], never)
      return whole - without
    }
    for (const method of methods) {
      // One view: methods share its passes.
      const { values } = await attribute(
        view,
        { method, target, options: DEFAULT_OPTIONS, reference: null },
        createSchedule(),
        never,
        ignore,
      )
      const [strongest = Number.NaN] = deletion.units.flat().toSorted((one, other) => elementAt(values, other) - elementAt(values, one))
      const sum = sums.get(method)
      if (sum === undefined) continue
      const fall = await fallOf(deletion, strongest)
      sum.deleted += Number(fall > 0)
      sum.masked += Number((await fallOf(masking, strongest)) > 0)
      sum.fall += fall
    }
  }
  const count = texts.length
  return Array.from(sums, ([method, { deleted, masked, fall }]) => ({
    method,
    deleted: deleted / count,
    masked: masked / count,
    fall: fall / count,
  }))
}

/** The class that the model answers with. */
async function answerOf(model: LoadedModel, text: string): Promise<number> {
  const { prediction } = await model.run(model.tokenizer.encode(text))
  const best = kindOf(prediction).best(prediction, null)
  if (best === null) throw new Error('the model has no answer')
  return best.index
}
