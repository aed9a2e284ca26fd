// Thumbnails of one layer as one image: heads side by side, each as many pixels as it will take on the screen at most.

import { elementAt, outOfRange } from '#tensor/vector'
import type { Ramp } from '../kit/colour.ts'
import { gammaStep } from '../kit/legend.ts'
import { paintPixels } from '../kit/raster.ts'

/** Weak attention is lifted a little, so that a thumbnail shows more than its strongest cells. */
export const thumbnailGamma = 0.6

export interface ThumbnailKind {
  readonly kind: 'attention' | 'difference'
  readonly ramp: Ramp
}

/** Pixel of each byte: index 0..255 for attention, value + 128 for a difference of -127..127. */
export function bytePixels({ kind, ramp }: ThumbnailKind): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const share = kind === 'attention' ? byte / 255 : Math.max(0, (byte - 1) / 254)
    return elementAt(ramp.pixels, Math.round(gammaStep(share, thumbnailGamma, kind) * 255))
  })
}

/**
 * Pixels [side, heads * side] of one layer's thumbnails [heads, size, size], side <= size. Where cells share a pixel the
 * strongest shows.
 */
export function thumbnailPixels(
  bytes: Uint8Array | Int8Array,
  heads: number,
  size: number,
  side: number,
  pixels: Uint32Array,
): Uint32Array {
  const image = new Uint32Array(heads * side * side)
  const offset = bytes instanceof Int8Array ? 128 : 0
  const width = heads * side
  for (let head = 0; head < heads; head += 1) {
    for (let y = 0; y < side; y += 1) {
      const top = Math.floor((y * size) / side)
      const bottom = Math.max(top + 1, Math.floor(((y + 1) * size) / side))
      for (let x = 0; x < side; x += 1) {
        const left = Math.floor((x * size) / side)
        const right = Math.max(left + 1, Math.floor(((x + 1) * size) / side))
        let strongest = 0
        for (let row = top; row < bottom; row += 1) {
          for (let column = left; column < right; column += 1) {
            const at = (head * size + row) * size + column
            const value = bytes[at] ?? outOfRange(at, bytes.length)
            if (Math.abs(value) > Math.abs(strongest)) strongest = value
          }
        }
        image[y * width + head * side + x] = elementAt(pixels, strongest + offset)
      }
    }
  }
  return image
}

/** One layer's thumbnails as a canvas of [side, heads * side] pixels. */
export function thumbnailCanvas(
  bytes: Uint8Array | Int8Array,
  heads: number,
  size: number,
  side: number,
  pixels: Uint32Array,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  paintPixels(canvas, thumbnailPixels(bytes, heads, size, side, pixels), heads * side, side)
  return canvas
}
