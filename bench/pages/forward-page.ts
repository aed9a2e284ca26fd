// The page in which forward passes are timed: all contenders in one page, taking turns.

import { openContenders } from './contenders.ts'
import { type Answer, assertSame, takeTurns, warmUp } from './turns.ts'

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

/** By number of tokens. */
let answers: ReadonlyMap<string, ReadonlyMap<string, Answer>> = new Map()

window.forwardBench = {
  async open(texts, warmUpMs) {
    const contenders = await openContenders()
    answers = new Map(
      Object.entries(texts).map(([tokens, text]) => [tokens, new Map(contenders.map(({ id, prepare }) => [id, prepare(text)]))]),
    )
    const longest = [...answers.values()].at(-1)
    for (const { id } of contenders) {
      await warmUp(longest?.get(id), warmUpMs)
      for (const byId of answers.values()) for (let call = 0; call < CALLS_AT_EACH_LENGTH; call++) await byId.get(id)?.()
    }
    for (const [tokens, byId] of answers) await assertSame(byId, SAME_ANSWER, `${tokens} tokens`)
    return contenders.map(({ id }) => id)
  },
  async round(tokens, round) {
    const byId = answers.get(tokens)
    if (!byId) throw new Error(`no text of ${tokens} tokens`)
    return Object.fromEntries(await takeTurns(byId, round))
  },
}
