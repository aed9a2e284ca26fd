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
      families: ['delete', 'swap', 'typo', 'neighbour'],
      words: { token: 2, list: ['good', ENDLESS] },
    } as const
    const refused = await engine.whatIf(request, { signal: never, progress: (row) => void rows.push(row) })
    expect(rows.map(({ family, token, word, left }) => [family, token, word, left])).toEqual([
      ['word', 2, 'good', 4],
      ['delete', 1, null, 2],
      ['delete', 2, null, 1],
      ['swap', 1, null, 0],
    ])
    const isOfWord = ({ family }: (typeof refused)[number]): boolean => family === 'word'
    expect(refused.filter(isOfWord)).toEqual([{ family: 'word', token: 2, word: ENDLESS, reason: 'too-long' }])
    // Three letters have no two in their middle, and the toy has no table of words.
    expect(refused.filter((one) => !isOfWord(one)).map(({ family, token, reason }) => [family, token, reason])).toEqual([
      ['typo', 1, 'no-typo'],
      ['typo', 2, 'no-typo'],
      ['neighbour', 1, 'no-word-table'],
      ['neighbour', 2, 'no-word-table'],
    ])
  })
})
