// Finds out how long a row a model takes, where neither its tables nor its files said it: by the lengths that fail.

import type { Token, TokenRow } from '#text/token'
import { EngineError } from '../error.ts'

/** What runtimes say when memory is what they lack. */
const OUT_OF_MEMORY = /memory|bad_alloc|alloc(?:ate|ation) fail/i

/** Runs rows, and says of one that fails for its length how long it may be. */
export type CheckedRun = <Result>(row: TokenRow, run: () => Promise<Result>) => Promise<Result>

/**
 * @param works whether a row runs, for its length alone: its tokens are all of one kind
 * @throws EngineError `row-too-long` with the longest that works; `run-failed` as the run itself where length is not what is wrong
 */
export function checkLengths(works: (row: TokenRow) => Promise<boolean>): CheckedRun {
  let longest = Number.POSITIVE_INFINITY
  return async (row, run) => {
    const { tokens } = row
    if (tokens.length > longest) throw tooLong(tokens.length, longest)
    try {
      return await run()
    } catch (error) {
      const [token] = tokens
      const isFailure = error instanceof EngineError && error.kind === 'run-failed' && !OUT_OF_MEMORY.test(error.message)
      if (!isFailure || token === undefined) throw error
      const found = await longestOf(token, tokens.length, works)
      if (found === null) throw error
      longest = found
      throw tooLong(tokens.length, longest)
    }
  }
}

/** The most tokens that run, below a number that does not; null where that number runs, or none does. */
async function longestOf(token: Token, most: number, works: (row: TokenRow) => Promise<boolean>): Promise<number | null> {
  const fits = (count: number): Promise<boolean> => {
    return works({ tokens: new Array<Token>(count).fill(token), cutAt: null, wantedLength: count })
  }
  if (await fits(most)) return null
  let [good, bad] = [0, most]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (await fits(middle)) good = middle
    else bad = middle
  }
  return good === 0 ? null : good
}

function tooLong(tokens: number, longest: number): EngineError {
  return new EngineError('row-too-long', `The model takes ${longest} tokens at most, and the row has ${tokens}.`, { tokens, longest })
}
