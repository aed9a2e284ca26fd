// How a text goes on: the tokens that are added, with how likely the model found each.

import type { CacheUse, Generated } from '#features/generate/api.ts'
import type { SamplingRules } from '#methods/generation/sampling'
import type { CacheRefusal } from '#protocol/model-api'
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
  /** Why no inputs for keys and values were added, where that was tried. */
  readonly lacking: CacheRefusal | null
}

/** @throws EngineError `no-such-target` where the model does not say what comes next, `no-chat-template`, `run-failed` */
export async function runGenerate({ engine }: OpenedEngine, text: string, question: GenerateQuestion): Promise<GenerationAnswer> {
  const { rules, seed, chat, count } = question
  const input = { text, edits: [], ...(chat ? { chat: true as const } : {}) }
  const { steps, ended, cache, lacking } = await engine.generate(
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
    lacking,
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
  added: 'keys and values were kept, by inputs added to the graph of the file',
  none: 'the file takes no keys and values of earlier tokens, so each token cost a pass over all before it',
  masked: 'a masked model reads the whole text for every mask',
  differs: 'the model answers otherwise from kept keys and values, so each token cost a pass over all before it',
}

const LACKING: Readonly<Record<CacheRefusal['reason'], string>> = {
  operator: 'inputs for them cannot be added, since an operator may mix tokens',
  shapes: 'inputs for them cannot be added, since shapes are not told',
  half: 'in float16 inputs added for them could change a token by rounding',
  differs: 'with inputs added for them the model answers otherwise',
  large: 'the file is too large to be started a second time with inputs for them',
  fixed: 'inputs for them cannot be added, since the file takes one length only',
  start: 'the graph with inputs added for them did not run',
}

export function describeGeneration({ text, tokens, ended, cache, lacking }: GenerationAnswer): string {
  return [
    text,
    ...tokens.map(({ piece, probability, rank }) => `  ${probability.toFixed(4)}  #${rank}  ${quoted(piece)}`),
    `  ${ENDED[ended]}; ${CACHE[cache]}${lacking === null ? '' : ` (${LACKING[lacking.reason]}${lacking.at === null ? '' : `: ${lacking.at}`})`}`,
  ].join('\n')
}
