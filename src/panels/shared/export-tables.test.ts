import { describe, expect, it } from 'vitest'
import { soloFrame } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import { answerOf, matrixOf } from '#state/state.fixture'
import { focusTables, paneTables, toCsv } from './export-tables.ts'

function paneOf(text: string, specials: boolean): Pane {
  const answer = answerOf(text)
  const tokens = answer.row.tokens.length
  const focus = {
    token: 1,
    layers: 2,
    heads: 2,
    tokens,
    // Layer l, head h, token j: 100 l + 10 h + j.
    from: Float32Array.from(
      { length: 4 * tokens },
      (_, i) => 100 * Math.floor(i / (2 * tokens)) + 10 * (Math.floor(i / tokens) % 2) + (i % tokens),
    ),
    to: new Float32Array(4 * tokens),
  }
  return {
    side: 'a',
    frame: soloFrame('a', answer, specials),
    choice: answer.choice,
    matrices: [matrixOf(tokens)],
    answer: { ...answer, focus },
  }
}

describe('the numbers of a matrix on screen', () => {
  it('are named after their head and tokens, rows first', () => {
    const [table] = paneTables([paneOf('not bad', true)])
    expect(table).toMatchObject({
      side: 'a',
      heads: '1.1',
      rows: ['[CLS]', 'not', 'bad', '[SEP]'],
      columns: ['[CLS]', 'not', 'bad', '[SEP]'],
    })
    expect(table?.values[1]).toEqual([4, 5, 6, 7])
  })

  it('leave out what is hidden', () => {
    const [table] = paneTables([paneOf('not bad', false)])
    expect([table?.rows, table?.values]).toEqual([
      ['not', 'bad'],
      [
        [5, 6],
        [9, 10],
      ],
    ])
  })
})

describe("the numbers of one token's view", () => {
  it('are those of the token in every layer, over its heads, not those of a head', () => {
    const [from, to] = focusTables([paneOf('not bad', true)], 'mean')
    expect(from).toMatchObject({ side: 'a: from not', heads: 'mean of 2 a layer', rows: ['layer 1', 'layer 2'] })
    expect(from?.values).toEqual([
      [5, 6, 7, 8],
      [105, 106, 107, 108],
    ])
    expect(to?.side).toBe('a: to not')
    expect(focusTables([paneOf('not bad', true)], 'max')[0]?.values[0]).toEqual([10, 11, 12, 13])
  })
})

describe('a file for spreadsheets', () => {
  const csvOf = (token: string): string =>
    toCsv([{ side: 'a', heads: '1.1', rows: [token], columns: [token], values: [[0.5]] }]).split('\r\n')[1] ?? ''

  it('has one line a cell, with places counted from 1', () => {
    expect(csvOf('bad')).toBe('"a","1.1",1,"bad",1,"bad",0.5')
  })

  it.each([
    ['say "hi"', '"say ""hi"""'],
    ['=1+1', `"'=1+1"`],
    ['@x', `"'@x"`],
    ['a,b', '"a,b"'],
  ])('quotes %s so that it stays a text', (token, field) => {
    expect(csvOf(token)).toBe(`"a","1.1",1,${field},1,${field},0.5`)
  })

  it('leaves the value of a gap empty', () => {
    expect(toCsv([{ side: 'b', heads: '1.1', rows: ['x'], columns: ['x'], values: [[null]] }])).toMatch(/,$/)
  })
})
