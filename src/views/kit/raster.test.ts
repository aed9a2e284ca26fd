import { expect, test } from 'vitest'
import { bytePixels, thumbnailPixels } from '../heads/thumbnails.ts'
import type { Ramp } from './colour.ts'
import { rasterise } from './raster.ts'

const ramp: Ramp = { key: 'grey', css: [], pixels: Uint32Array.from({ length: 256 }, (_, step) => step) }
const colours = { ramp, gap: [1000, 1001] as const }
const scale = { kind: 'attention', max: 1 } as const

test('one pixel a cell', () => {
  const pixels = rasterise(Float32Array.of(0, 1, 0.2, 7), 2, 2, { width: 2, height: 2 }, scale, colours)
  expect(Array.from(pixels)).toEqual([0, 255, 51, 255])
})

test('cells that share a pixel show the strongest, and gaps only where there is nothing else', () => {
  const values = Float32Array.of(0, 1, 0, 0, 0, 0, Number.NaN, Number.NaN, 0, 0, Number.NaN, 0.2, 0, 0, 0.4, 0)
  const pixels = rasterise(values, 4, 4, { width: 2, height: 2 }, scale, colours)
  expect(Array.from(pixels)).toEqual([255, 0, 0, 102])
})

test('gaps are hatched in two colours', () => {
  const pixels = rasterise(new Float32Array(36).fill(Number.NaN), 6, 6, { width: 6, height: 6 }, scale, colours)
  expect(new Set(pixels)).toEqual(new Set([1000, 1001]))
})

test('differences: zero is the middle of the scale, a missing sign is not lost in pooling', () => {
  const signed = { kind: 'difference', max: 0.5 } as const
  const pixels = rasterise(Float32Array.of(0, -0.5, 0.1, 0), 1, 4, { width: 2, height: 1 }, signed, colours)
  expect(Array.from(pixels)).toEqual([0, 153])
})

test('thumbnails lie head beside head; a shrunk one keeps its strongest cells', () => {
  const lookup = bytePixels({ kind: 'attention', ramp })
  const bytes = Uint8Array.of(255, 0, 0, 255, 0, 0, 0, 0)
  expect(Array.from(thumbnailPixels(bytes, 2, 2, 2, lookup))).toEqual([255, 0, 0, 0, 0, 255, 0, 0])
  expect(Array.from(thumbnailPixels(bytes, 2, 2, 1, lookup))).toEqual([255, 0])
})

test('weak values are lifted, and a signed byte of 0 is the middle', () => {
  expect(bytePixels({ kind: 'attention', ramp })[25]).toBeGreaterThan(50)
  const signed = bytePixels({ kind: 'difference', ramp })
  expect([signed[1], signed[128], signed[255]]).toEqual([0, 128, 255])
})
