// The page in which forward passes are timed: all contenders in one page, taking turns.

import { type Answer, openContenders } from './contenders.ts'

export interface ForwardBench {
  /** Loads every contender, warms each up for `warmUpMs`, and checks that all give the same answer. */
  open(texts: Readonly<Record<string, string>>, warmUpMs: number): Promise<readonly string[]>
  /** One call of every contender on one text, in milliseconds; `round` moves who goes first. */
  round(tokens: string, round: number): Promise<Readonly<Record<string, number>>>
}

declare global {
  interface Window {
    forwardBench: ForwardBench
  }
}

/** The largest difference between two contenders' probabilities: beyond it they do not compute the same thing. */
const SAME_ANSWER = 1e-5
/** Calls at each length before timing, after the time-bound warm-up at the longest. */
const CALLS_AT_EACH_LENGTH = 3

interface Runner {
  readonly id: string
  readonly answers: ReadonlyMap<string, Answer>
}

let runners: readonly Runner[] = []

window.forwardBench = {
  async open(texts, warmUpMs) {
    const contenders = await openContenders()
    runners = contenders.map(({ id, prepare }) => ({
      id,
      answers: new Map(Object.entries(texts).map(([tokens, text]) => [tokens, prepare(text)])),
    }))
    for (const { answers } of runners) await warmUp([...answers.values()], warmUpMs)
    for (const tokens of Object.keys(texts)) await checkSame(tokens)
    return runners.map(({ id }) => id)
  },
  async round(tokens, round) {
    const times: Record<string, number> = {}
    const first = round % runners.length
    for (const { id, answers } of [...runners.slice(first), ...runners.slice(0, first)]) {
      const answer = answers.get(tokens)
      if (!answer) throw new Error(`no text of ${tokens} tokens`)
      const start = performance.now()
      await answer()
      times[id] = performance.now() - start
    }
    return times
  },
}

/** WebAssembly starts in baseline code and is optimised while it runs. */
async function warmUp(answers: readonly Answer[], milliseconds: number): Promise<void> {
  const longest = answers.at(-1)
  const start = performance.now()
  while (longest && performance.now() - start < milliseconds) await longest()
  for (const answer of answers) for (let call = 0; call < CALLS_AT_EACH_LENGTH; call++) await answer()
}

async function checkSame(tokens: string): Promise<void> {
  const given = []
  for (const { id, answers } of runners) given.push({ id, value: (await answers.get(tokens)?.()) ?? Number.NaN })
  const values = given.map(({ value }) => value)
  if (!(Math.max(...values) - Math.min(...values) < SAME_ANSWER))
    throw new Error(`answers differ at ${tokens} tokens: ${given.map(({ id, value }) => `${id} ${value}`).join(', ')}`)
}
