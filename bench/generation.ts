// Generation: ours with and without keys and values of earlier tokens, against transformers.js with the same file in the same page.

import type { Browser } from '@playwright/test'
import { PAGES } from './build-site.ts'
import type { GeneratedTokens, GenerationRequest, Generator, LensTimes, TreeMemory } from './pages/generation-page.ts'

export const GENERATORS: readonly Generator[] = ['cached', 'uncached', 'transformers']

export interface GenerationTimes {
  readonly weights: GenerationRequest['weights']
  /** Milliseconds for `tokens` tokens behind a short prompt, of each round. */
  readonly rounds: Readonly<Record<Generator, readonly number[]>>
  readonly tokens: number
  /** Milliseconds of each round; the first includes the start of what reads the stream. */
  readonly lens: readonly LensTimes[]
  readonly tree: TreeMemory
  /** Milliseconds of one further token at each context, of each further token. */
  readonly contexts: readonly { readonly context: number; readonly times: Readonly<Record<'cached' | 'transformers', readonly number[]>> }[]
}

export interface GenerationPlan {
  readonly id: string
  readonly text: string
  readonly rounds: number
  readonly tokens: number
  readonly contexts: readonly number[]
}

/** Tokens before the first generated one, where speed is compared. */
const PROMPT = 16
/** Tokens that the logit lens reads. */
export const LENS_TOKENS = 14
/** Tokens that are timed at each context. */
const FURTHER = 8
const BRANCHES = 50

/** @param url the site, served with isolation headers: timers are precise then; threads are set to one all the same */
export async function measureGeneration(browser: Browser, url: string, plan: GenerationPlan): Promise<readonly GenerationTimes[]> {
  const all: GenerationTimes[] = []
  for (const weights of ['float32', 'packed'] as const) all.push(await measureWeights(browser, url, weights, plan))
  return all
}

async function measureWeights(
  browser: Browser,
  url: string,
  weights: GenerationRequest['weights'],
  { id, text, rounds, tokens, contexts }: GenerationPlan,
): Promise<GenerationTimes> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`generation page: ${error.message}`))
  const generate = (generator: Generator, context: number, count: number): Promise<GeneratedTokens> =>
    page.evaluate((asked) => window.generationBench.generate(...asked), [generator, context, count] as const)
  try {
    await page.goto(`${url}${PAGES}/generation.html`)
    await page.evaluate((request) => window.generationBench.open(request), { id, weights, text })
    const first = new Map<Generator, string>()
    for (const generator of GENERATORS) first.set(generator, (await generate(generator, PROMPT, tokens)).ids.join())
    // Unpacked weights may round another way than packed ones, and then choose another of two tokens that are as likely.
    if (weights === 'packed' && new Set(first.values()).size > 1)
      throw new Error(`other tokens: ${[...first].map((one) => one.join(' ')).join('; ')}`)
    const times: Record<Generator, number[]> = { cached: [], uncached: [], transformers: [] }
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < GENERATORS.length; turn++) {
        const generator = GENERATORS[(round + turn) % GENERATORS.length] ?? 'cached'
        times[generator].push((await generate(generator, PROMPT, tokens)).ms.at(-1) ?? Number.NaN)
      }
    }
    const further = async (generator: 'cached' | 'transformers', context: number): Promise<readonly number[]> => {
      const { ms } = await generate(generator, context, FURTHER + 1)
      return ms.slice(1).map((end, at) => end - (ms[at] ?? Number.NaN))
    }
    const lens: LensTimes[] = []
    for (let round = 0; round < rounds; round++) lens.push(await page.evaluate((count) => window.generationBench.lens(count), LENS_TOKENS))
    const atContexts: GenerationTimes['contexts'][number][] = []
    for (const context of contexts)
      atContexts.push({
        context,
        times: { cached: await further('cached', context), transformers: await further('transformers', context) },
      })
    const tree = await page.evaluate((count) => window.generationBench.tree(count), BRANCHES)
    return { weights, rounds: times, tokens, lens, tree, contexts: atContexts }
  } finally {
    await page.close()
  }
}
