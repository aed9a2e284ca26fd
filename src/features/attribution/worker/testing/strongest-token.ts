// Whether the token that a method says speaks most for the answer lowers it when it is taken away: how often, over many sentences.

import { readFileSync } from 'node:fs'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import type { LoadedModel } from '#engine/model/model'
import { ask } from './perturbation-agreement.ts'

/** The first 200 sentences of SST-2's dev set (GLUE, Wang et al., 2018; Stanford Sentiment Treebank, Socher et al., 2013). */
export const SENTENCES: readonly string[] = readFileSync('fixtures/sst2-dev-200.tsv', 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t')[0] ?? '')

/** Those of one pass, and the one that the sentence is tinted by. */
const CHEAP_METHODS: readonly AttributionMethodId[] = ['leave-one-out', 'saliency', 'input-x-gradient', 'gradient-x-attention', 'relevance']

type Judged = AttributionMethodId | 'random'

export interface StrongestToken {
  readonly method: Judged
  /** Shares of the sentences in which the target's logit is lower without the method's strongest token: deleted, and masked. */
  readonly deleted: number
  readonly masked: number
  /** Mean fall of the logit when it is deleted. */
  readonly fall: number
}

/**
 * The strongest token is the one with the largest value, of those that can be taken away. The target is the logit of the class that the
 * model answers with. A token at random is the mean over all.
 */
export async function judgeStrongest(
  model: LoadedModel,
  texts: readonly string[],
  methods: readonly AttributionMethodId[] = CHEAP_METHODS,
): Promise<readonly StrongestToken[]> {
  const sums = new Map<Judged, { deleted: number; masked: number; fall: number }>()
  for (const text of texts) {
    const index = await answerOf(model, text)
    const tokens = model.tokenizer.encode(text).tokens.flatMap(({ source }, at) => (source === 'template' ? [] : [at]))
    const falls = async (removal: 'delete' | 'mask'): Promise<Float32Array> =>
      (await ask(model, text, 'leave-one-out', { index }, { removal })).values
    const [deleted, masked] = [await falls('delete'), await falls('mask')]
    const add = (method: Judged, token: number, weight: number): void => {
      const sum = sums.get(method) ?? { deleted: 0, masked: 0, fall: 0 }
      sums.set(method, sum)
      sum.deleted += Number((deleted[token] ?? 0) > 0) * weight
      sum.masked += Number((masked[token] ?? 0) > 0) * weight
      sum.fall += (deleted[token] ?? 0) * weight
    }
    for (const method of methods) {
      const values = method === 'leave-one-out' ? masked : (await ask(model, text, method, { index })).values
      const [first = 0] = tokens.toSorted((one, other) => (values[other] ?? 0) - (values[one] ?? 0))
      add(method, first, 1)
    }
    for (const token of tokens) add('random', token, 1 / tokens.length)
  }
  const count = texts.length
  return Array.from(sums, ([method, { deleted, masked, fall }]) => ({
    method,
    deleted: deleted / count,
    masked: masked / count,
    fall: fall / count,
  }))
}

/** The class that the model answers with: its logit is the larger of the two. */
async function answerOf(model: LoadedModel, text: string): Promise<number> {
  const { output } = await ask(model, text, 'saliency', { index: 1, foil: 0 })
  return Number(output > 0)
}
