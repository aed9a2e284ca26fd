// How a text goes on: the tokens that are added, with how likely the model found each.

import type { CacheUse, Generated } from '#features/generate/api.ts'
import type { SamplingRules } from '#methods/generation/sampling'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { GenerateQuestion } from './question.ts'
import { quoted, rounded } from './subject.ts'

export interface GenerationAnswer {
  readonly text: string
  readonly rules: SamplingRules
  readonly seed: number
  readonly chat: boolean
  readonly tokens: readonly {
    readonly id: number
    readonly piece: string
    /** As the model says it: temperature 1, without cuts. */
    readonly probability: number
    readonly logprob: number
    /** 1 for the most likely token. */
    readonly rank: number
  }[]
  readonly ended: Generated['ended']
  readonly cache: CacheUse
}

/** @throws EngineError `no-such-target` where the model does not say what comes next, `no-chat-template`, `run-failed` */
export async function runGenerate({ engine }: OpenedEngine, text: string, question: GenerateQuestion): Promise<GenerationAnswer> {
  const { rules, seed, chat, count } = question
  const input = { text, edits: [], ...(chat ? { chat: true as const } : {}) }
  const { steps, ended, cache } = await engine.generate(
    { input, behind: [], rules, seed, count },
    listening(() => undefined),
  )
  return {
    text,
    rules,
    seed,
    chat,
    tokens: steps.map(({ token: { id, piece }, probability, rank }) => {
      return { id, piece, probability: rounded(probability), logprob: rounded(Math.log(probability)), rank }
    }),
    ended,
    cache,
  }
}

const ENDED: Readonly<Record<Generated['ended'], string>> = {
  count: 'as many tokens as asked for',
  'end-token': 'the model ended the text',
  longest: 'no longer text fits',
  filled: 'every mask is filled',
}

const CACHE: Readonly<Record<CacheUse, string>> = {
  kept: 'keys and values were kept',
  none: 'the file takes no keys and values of earlier tokens, so each token cost a pass over all before it',
  masked: 'a masked model reads the whole text for every mask',
  differs: 'the model answers otherwise from kept keys and values, so each token cost a pass over all before it',
}

export function describeGeneration({ text, tokens, ended, cache }: GenerationAnswer): string {
  return [
    text,
    ...tokens.map(({ piece, probability, rank }) => `  ${probability.toFixed(4)}  #${rank}  ${quoted(piece)}`),
    `  ${ENDED[ended]}; ${CACHE[cache]}`,
  ].join('\n')
}
