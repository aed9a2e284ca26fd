import { describe, expect, test } from 'vitest'
import { barsLayout } from './bars/bars.ts'
import { dotsLayout } from './bars/dots.ts'
import { cellUnder, headGridLayout, headName, indexAt, isLayerMajor, placeOf, stepFrom } from './heads/head-grid-layout.ts'
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

  test.each([4, 10, 40, 64])('%i tokens fit a height, too', (count) => {
    const tokens = manyTokens(count)
    const layout = matrixLayout(tokens, tokens, { ...sizes, height: 380 })
    expect(layout.top + layout.plotHeight).toBeLessThanOrEqual(380)
    expect(layout.cellHeight).toBe(layout.cellWidth)
  })

  test('labels stand flat where each fits its column, slanted or upright where they do not', () => {
    const short = manyTokens(8).map((token) => ({ ...token, label: 'all' }))
    expect(matrixLayout(short, short, sizes).labels).toBe('flat')
    expect(matrixLayout(manyTokens(40), manyTokens(40), sizes).labels).toBe('slanted')
    expect(matrixLayout(manyTokens(200), manyTokens(200), sizes).labels).toBe('upright')
  })

  test('room beside the cells is kept free', () => {
    const tokens = manyTokens(20)
    const layout = matrixLayout(tokens, tokens, { ...sizes, width: 400, beside: 60 })
    expect(layout.overhang).toBeGreaterThanOrEqual(60)
    expect(layout.left + layout.plotWidth + layout.overhang).toBeLessThanOrEqual(400)
  })

  test('no tokens make no cells', () => expect(matrixLayout([], [], sizes).plotWidth).toBe(0))
})

describe('headGridLayout', () => {
  const order = Array.from({ length: 72 }, (_, index) => ({ layer: Math.floor(index / 12), head: index % 12 }))
  const grid = { layers: 6, heads: 12, order, columns: null, width: 800, height: null, scored: false }

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

  test('thirty layers fold so that all heads fit a height, two heads a layer turn', () => {
    const all = (layers: number, heads: number) =>
      Array.from({ length: layers * heads }, (_, index) => ({ layer: Math.floor(index / heads), head: index % heads }))
    const thirty = { layers: 30, heads: 9, order: all(30, 9), columns: null, width: 540, height: 410, scored: false }
    const folded = headGridLayout(thirty)
    expect([folded.folds, folded.perFold, folded.layersAcross]).toEqual([2, 15, false])
    expect([folded.width <= 540, folded.height <= 410, folded.pitchX]).toEqual([true, true, 25])
    const turned = headGridLayout({ ...thirty, heads: 2, layers: 24, order: all(24, 2), height: 100 })
    expect([turned.layersAcross, turned.width <= 540, turned.height <= 100]).toEqual([true, true, true])
    expect(headGridLayout({ ...grid, height: 400 }).folds).toBe(1)
    for (const layout of [folded, turned]) {
      const count = layout.heads * (layout === folded ? 30 : 24)
      for (let index = 0; index < count; index++) {
        const { row, column, x, y } = placeOf(index, layout)
        expect(indexAt(row, column, layout, count)).toBe(index)
        expect(cellUnder(x + 1, y + 1, layout, count)).toBe(index)
      }
    }
    // Beside the first fold's last head stands the second fold's first.
    expect(stepFrom(8, 'ArrowRight', folded, 270)).toBe(15 * 9)
    expect(stepFrom(14 * 9, 'ArrowDown', folded, 270)).toBe(14 * 9)
    expect(stepFrom(0, 'ArrowRight', turned, 48)).toBe(2)
    expect(stepFrom(0, 'Home', folded, 270)).toBeNull()
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

test('dots keep an axis on a narrow page', () => {
  const layout = dotsLayout(400, 58, 120)
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
