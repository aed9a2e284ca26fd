// A matrix as the pixels of an image: one pixel a cell, or fewer, when the cells are smaller than the screen's pixels.

import { float32At, outOfRange } from '#tensor/vector'
import type { ColourScale } from './chart.ts'
import { type Ramp, rampStep } from './colour.ts'

export interface RasterColours {
  readonly ramp: Ramp
  /** Gaps are hatched with these two, as pixels. */
  readonly gap: readonly [number, number]
}

/**
 * Pixels [height, width] of a [rows, columns] matrix, with height <= rows and width <= columns. Where several cells share
 * a pixel, the one of largest magnitude shows, so that a single strong cell never disappears.
 */
export function rasterise(
  values: Float32Array,
  rows: number,
  columns: number,
  size: { readonly width: number; readonly height: number },
  scale: ColourScale,
  colours: RasterColours,
): Uint32Array {
  const strongest = size.width === columns && size.height === rows ? values : pool(values, rows, columns, size)
  const pixels = new Uint32Array(size.width * size.height)
  for (let index = 0; index < pixels.length; index += 1) {
    const value = strongest[index] ?? outOfRange(index, strongest.length)
    if (Number.isNaN(value)) {
      const diagonal = ((index % size.width) + Math.floor(index / size.width)) % 3
      pixels[index] = colours.gap[diagonal === 0 ? 1 : 0]
    } else {
      const step = rampStep(value, scale)
      pixels[index] = colours.ramp.pixels[step] ?? outOfRange(step, colours.ramp.pixels.length)
    }
  }
  return pixels
}

function pool(
  values: Float32Array,
  rows: number,
  columns: number,
  size: { readonly width: number; readonly height: number },
): Float32Array {
  const pooled = new Float32Array(size.width * size.height).fill(Number.NaN)
  for (let row = 0; row < rows; row += 1) {
    const line = Math.floor((row * size.height) / rows) * size.width
    for (let column = 0; column < columns; column += 1) {
      const target = line + Math.floor((column * size.width) / columns)
      const value = float32At(values, row * columns + column)
      const held = float32At(pooled, target)
      if (Number.isNaN(held) || Math.abs(value) > Math.abs(held)) pooled[target] = value
    }
  }
  return pooled
}

/** Paints pixels [height, width] onto a canvas of that size. */
export function paintPixels(canvas: HTMLCanvasElement, pixels: Uint32Array, width: number, height: number): void {
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null || width === 0 || height === 0) return
  const image = context.createImageData(width, height)
  new Uint32Array(image.data.buffer).set(pixels)
  context.putImageData(image, 0, 0)
}
