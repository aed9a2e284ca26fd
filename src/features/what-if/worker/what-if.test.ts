// Many edits at once: those that can be made have rows, the others a reason.

import { describe, expect, it } from 'vitest'
import { inputOf, never, toyModel } from '#engine/testing/toy-model.fixture'
import { loaded } from '#features/worker.fixture.ts'
import type { WhatIfRow } from '../api.ts'

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
      unit: 'token',
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

describe('a search that takes long by itself', () => {
  const stop = (after: number) => {
    const controller = new AbortController()
    let asked = 0
    const ask = (): void => {
      asked++
      if (asked === after) setTimeout(() => controller.abort(new Error('stopped')))
    }
    return { signal: controller.signal, ask, asked: () => asked }
  }

  it('for words down the gradient hears a stop between two tokens', async () => {
    const { signal, ask, asked } = stop(2)
    const forward = {
      outputs: async (rows: readonly unknown[]) => new Float64Array(rows.length).fill(1),
      batches: () => [],
      passes: () => 0,
    }
    const { engine } = await loaded({
      ...toyModel(),
      measuring: () => forward,
      runsOf: (row) => ({
        tokens: row.tokens.length,
        rows: () => 1,
        input: async () => {
          const empty = new Float32Array(2 * row.tokens.length)
          return { output: 1, gradient: empty, embeddings: empty }
        },
        gradients: () => Promise.reject(new Error('not asked')),
        baseline: () => Promise.reject(new Error('not asked')),
        randomWords: () => Promise.reject(new Error('not asked')),
        attention: () => Promise.reject(new Error('not asked')),
        residual: () => Promise.reject(new Error('not asked')),
      }),
      steepest: (gradient) => {
        expect(gradient.length).toBe(2)
        ask()
        return ['good']
      },
    })
    const request = { input: inputOf('one two three four five'), target: TARGET, goal: 'flip', moves: ['replace'] } as const
    await expect(engine.counterfactuals(request, { signal, progress: () => undefined })).rejects.toThrow('stopped')
    expect(asked()).toBe(2)
  })

  it.each(['a table of edits', 'a game'] as const)('for near words of %s hears a stop', async (what) => {
    const { signal, ask, asked } = stop(2)
    const { engine } = await loaded({
      ...toyModel(),
      removals: {
        mask: 103,
        pad: null,
        neighbour: async (id, pause) => {
          ask()
          await pause()
          return id
        },
        labelOf: String,
      },
    })
    const input = inputOf('one two three four five')
    const context = { signal, progress: () => undefined }
    const answer =
      what === 'a game'
        ? engine.interactions({ input, target: TARGET, options: { removal: 'neighbour', unit: 'token' } }, context)
        : engine.whatIf({ input, target: TARGET, families: ['neighbour'], words: null, unit: 'token' }, context)
    await expect(answer).rejects.toThrow('stopped')
    expect(asked()).toBe(2)
  })
})

describe('every two units', () => {
  it('are refused by name where there are too many', async () => {
    const { engine } = await loaded()
    const text = Array.from({ length: 101 }, (_, at) => `w${at}`).join(' ')
    const request = { input: inputOf(text), target: TARGET, options: { removal: 'mask', unit: 'word' } } as const
    await expect(engine.interactions(request, { signal: never, progress: () => undefined })).rejects.toMatchObject({
      kind: 'too-many-pairs',
      data: { units: 101, pairs: 5050, most: 100 },
    })
  })
})
