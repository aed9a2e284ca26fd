// Stated errors against what answers really are off, for each kind of game.

import { describe, expect, it } from 'vitest'
import { BANDS, coverage } from './coverage.fixture.ts'
import { RANDOM_GAMES } from './games.fixture.ts'

describe.each(BANDS)('the 95 %% bands of %s', (_name, method, functional) => {
  it.each(RANDOM_GAMES)('hold the truth of games of the kind “%s”', { timeout: 300_000 }, async (kind) => {
    const share = await coverage(method, functional, kind, 16)
    console.info(`${kind}: ${(100 * share).toFixed(0)} %`)
    expect(share).toBeGreaterThan(0.91)
  })
})
