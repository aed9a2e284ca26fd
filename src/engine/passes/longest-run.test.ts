import { describe, expect, it } from 'vitest'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import { rowOf } from '../testing/run.fixture.ts'
import { checkLengths } from './longest-run.ts'

/** A model that takes rows of up to `most` tokens, and none with `stranger`. */
function modelOf(most: number, message = 'indices element out of data bounds', stranger = -1) {
  const lengths: number[] = []
  const run = async ({ tokens }: TokenRow): Promise<number> => {
    lengths.push(tokens.length)
    if (tokens.length > most || tokens.some(({ id }) => id === stranger)) throw new EngineError('run-failed', message)
    return tokens.length
  }
  const checked = checkLengths((row) =>
    run(row).then(
      () => true,
      () => false,
    ),
  )
  return { lengths, ask: (row: TokenRow) => checked(row, () => run(row)) }
}
const words = (count: number): TokenRow => rowOf(Array.from({ length: count - 2 }, (_, at) => `w${at}`).join(' '))

describe('checkLengths', () => {
  it.each([5, 11, 63])('finds the longest row that works: %i', async (most) => {
    const { ask, lengths } = modelOf(most)
    expect(await ask(words(5))).toBe(5)
    await expect(ask(words(64))).rejects.toMatchObject({ kind: 'row-too-long', data: { tokens: 64, longest: most } })
    const runs = lengths.length
    // It is known from then on.
    await expect(ask(words(100))).rejects.toMatchObject({ kind: 'row-too-long', data: { tokens: 100, longest: most } })
    expect(lengths).toHaveLength(runs)
  })

  it('does not blame the length for a token, for memory, or for what never runs', async () => {
    const stranger = words(20).tokens[7]?.id
    await expect(modelOf(64, 'out of bounds', stranger).ask(words(20))).rejects.toMatchObject({ kind: 'run-failed' })
    await expect(modelOf(8, 'std::bad_alloc').ask(words(20))).rejects.toMatchObject({ kind: 'run-failed' })
    await expect(modelOf(0).ask(words(20))).rejects.toMatchObject({ kind: 'run-failed' })
  })
})
