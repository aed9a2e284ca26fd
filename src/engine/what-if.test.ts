// Many edits at once: those that can be made have rows, the others a reason.

import { describe, expect, it } from 'vitest'
import type { WhatIfRow } from '#protocol/engine-api'
import { inputOf, loaded, never } from './engine.fixture.ts'

const TARGET = { index: 1, foil: null, position: null, space: 'score' } as const
/** More pieces than the toy model reads. */
const ENDLESS = 'and so on and so on and so on and so on and so on'

describe('many edits at once', () => {
  it('have rows that count what is left, and those that cannot be made are told with their reason', async () => {
    const { engine } = await loaded()
    const rows: WhatIfRow[] = []
    const request = {
      input: inputOf('not bad'),
      target: TARGET,
      families: ['delete', 'swap'],
      words: { token: 2, list: ['good', ENDLESS] },
    } as const
    const refused = await engine.whatIf(request, { signal: never, progress: (row) => void rows.push(row) })
    expect(rows.map(({ family, token, word, left }) => [family, token, word, left])).toEqual([
      ['word', 2, 'good', 4],
      ['delete', 1, null, 2],
      ['delete', 2, null, 1],
      ['swap', 1, null, 0],
    ])
    expect(refused).toEqual([{ family: 'word', token: 2, word: ENDLESS, reason: 'too-long' }])
  })
})
