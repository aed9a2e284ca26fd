import { describe, expect, test } from 'vitest'
import { barsLayout } from './bars/bars.ts'
import { cellUnder, headGridLayout, headName, isLayerMajor } from './heads/head-grid-layout.ts'
import { manyTokens, sentence } from './kit/gallery-data.ts'
import { gammaStep } from './kit/legend.ts'
import { matrixTable } from './kit/table.ts'
import { arcHeight, arcPath, arcsLayout } from './lines/arcs.ts'
import { flowLayout, flowPath } from './lines/flow.ts'
import { matrixLayout } from './matrix/matrix-layout.ts'

const sizes = { width: 800, zoom: 'fit', enlarged: 1, rowHeight: null, pixelRatio: 1 } as const

describe('matrixLayout', () => {
  test.each([1, 10, 40, 64, 128, 512])('%i tokens fit the width', (count) => {
    for (const width of [320, 800]) {
      const tokens = manyTokens(count)
      const layout = matrixLayout(tokens, tokens, { ...sizes, width })
      expect(layout.left + layout.plotWidth + layout.overhang).toBeLessThanOrEqual(width)
    }
  })

  test('readable cells are at least 18 pixels', () => {
    const tokens = manyTokens(200)
    expect(matrixLayout(tokens, tokens, { ...sizes, zoom: 'readable' }).cellWidth).toBe(18)
  })

  test('small cells are whole screen pixels', () => {
    const tokens = manyTokens(128)
    const { cellWidth } = matrixLayout(tokens, tokens, { ...sizes, pixelRatio: 2 })
    expect(cellWidth * 2).toBe(Math.floor(cellWidth * 2))
  })

  test('no tokens make no cells', () => expect(matrixLayout([], [], sizes).plotWidth).toBe(0))
})

describe('headGridLayout', () => {
  const order = Array.from({ length: 72 }, (_, index) => ({ layer: Math.floor(index / 12), head: index % 12 }))
  const grid = { layers: 6, heads: 12, order, columns: null, width: 800, scored: false }

  test('layer after layer is a matrix, any other order flows', () => {
    expect(headGridLayout(grid).matrix).toBe(true)
    expect(headGridLayout({ ...grid, order: order.toReversed() }).matrix).toBe(false)
    expect(isLayerMajor(order.slice(1), 6, 12)).toBe(false)
  })

  test('cells stay large enough for a finger', () => {
    expect(headGridLayout({ ...grid, width: 200 }).pitchX).toBe(24)
  })

  test('finds the cell under a point, and none beside the cells', () => {
    const layout = headGridLayout(grid)
    expect(cellUnder(layout.left + layout.pitchX * 3 + 5, layout.top + layout.pitchY * 2 + 5, layout, 72)).toBe(27)
    expect(cellUnder(2, layout.top + 5, layout, 72)).toBeNull()
    expect(cellUnder(layout.left + 5, layout.top + layout.pitchY * 6 + 1, layout, 72)).toBeNull()
  })

  test('names count from 1', () => expect(headName({ layer: 2, head: 3 })).toBe('3.4'))
})

describe('arcs', () => {
  test('an arc leaves and meets the line at its tokens; a token that looks at itself makes a loop', () => {
    expect(arcPath(10, 90, 50, -30)).toMatch(/^M10,50C.* 90,50$/)
    expect(arcPath(10, 10, 50, -30)).toBe('M5,50C-3,20 23,20 15,50')
  })

  test('longer arcs are higher, up to a limit', () => {
    expect(arcHeight(400)).toBeGreaterThan(arcHeight(100))
    expect(arcHeight(-400)).toBe(arcHeight(400))
    expect(arcHeight(1e6)).toBe(190)
  })

  test('a causal line needs no room below', () => {
    const labels = sentence.map((token) => token.label)
    const back = arcsLayout(labels, [{ head: 0, row: 9, column: 0, value: 1 }], 600)
    expect(back.below).toBeLessThan(back.above)
    expect(back.lefts).toHaveLength(10)
  })
})

describe('flow', () => {
  test('lines run from the query height to the key height', () => {
    expect(flowPath(14, 42, 100)).toBe('M0,14C50,14 50,42 100,42')
  })

  test('both columns and the middle fit a narrow page', () => {
    const layout = flowLayout(10, 200, 320)
    expect(2 * layout.column + layout.middle).toBeLessThanOrEqual(320)
  })
})

test('bars keep a track on a narrow page', () => {
  const layout = barsLayout(400, true, 320)
  expect(layout.right - layout.left).toBeGreaterThanOrEqual(40)
})

test('a gamma keeps the ends and the middle of a scale', () => {
  expect([0, 1].map((share) => gammaStep(share, 0.6, 'attention'))).toEqual([0, 1])
  expect([0, 0.5, 1].map((share) => gammaStep(share, 0.6, 'difference'))).toEqual([0, 0.5, 1])
})

describe('matrixTable', () => {
  const words = { summary: 'attention', query: 'query', key: 'key', unit: 'share', gap: 'none' }
  const format = (value: number): string => value.toFixed(1)

  test('a small matrix is read out whole, with its gaps', () => {
    const tokens = sentence.slice(0, 2)
    const table = matrixTable(tokens, tokens, Float32Array.of(1, 0, Number.NaN, 0.5), words, format)
    expect(table.rows).toEqual([
      ['[CLS]', '1.0', '0.0'],
      ['the', 'none', '0.5'],
    ])
  })

  test('a large one by its ten strongest pairs', () => {
    const tokens = manyTokens(20)
    const values = Float32Array.from({ length: 400 }, (_, index) => index / 400)
    const table = matrixTable(tokens, tokens, values, words, format)
    expect(table.rows).toHaveLength(10)
    expect(table.rows[0]).toEqual(['[SEP]', '[SEP]', '1.0'])
  })
})
