// Paints the head grid. Each layer's thumbnails are kept as an image; the whole is put together from these, beside the page: a canvas of the
// page would have it laid out before every text that is written on it.

import type { Palette, Ramp } from '../kit/colour.ts'
import type { HeadGridData } from './head-grid-data.ts'
import { type HeadGridLayout, type HeadRef, headName, placeOf } from './head-grid-layout.ts'
import { bytePixels, thumbnailCanvas } from './thumbnails.ts'

export interface HeadGridPaint {
  readonly kind: 'attention' | 'difference'
  readonly palette: Palette
  readonly ramp: Ramp
  readonly format: (score: number) => string
}

interface LayerImage {
  readonly source: Uint8Array | Int8Array
  readonly key: string
  readonly canvas: HTMLCanvasElement
  readonly side: number
}

interface Painted {
  /** As large as the canvas on the page. */
  readonly picture: HTMLCanvasElement
  readonly layers: Map<number, LayerImage>
  inputs: readonly unknown[]
}

const painted = new WeakMap<HTMLCanvasElement, Painted>()

/** Paints all thumbnails, or nothing when everything is as it was painted last. */
export function paintHeadGrid(canvas: HTMLCanvasElement, data: HeadGridData, layout: HeadGridLayout, paint: HeadGridPaint): void {
  const ratio = window.devicePixelRatio
  const state = painted.get(canvas) ?? { picture: document.createElement('canvas'), layers: new Map<number, LayerImage>(), inputs: [] }
  painted.set(canvas, state)
  const order = data.order.map(headName).join()
  const inputs = [...data.thumbnails, data.scores, order, JSON.stringify(layout), paint.kind, paint.ramp.key, paint.palette.line, ratio]
  if (inputs.length === state.inputs.length && inputs.every((input, index) => input === state.inputs[index])) return
  state.inputs = inputs
  const { picture } = state
  picture.width = canvas.width = Math.round(layout.width * ratio)
  picture.height = canvas.height = Math.round(layout.height * ratio)
  canvas.style.width = `${layout.width}px`
  canvas.style.height = `${layout.height}px`
  const context = picture.getContext('2d')
  if (context === null) return
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.imageSmoothingEnabled = false
  const pixels = bytePixels(paint)
  const images = data.thumbnails.map((bytes, layer) =>
    bytes === null
      ? null
      : layerImage(state, layer, bytes, data, Math.max(1, Math.round(layout.side * ratio)), paint.ramp.key + paint.kind, pixels),
  )
  const strongest = data.scores === null ? 0 : data.scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0)
  data.order.forEach((ref, index) => {
    const { x, y } = placeOf(index, layout)
    const image = images[ref.layer]
    if (image) context.drawImage(image.canvas, ref.head * image.side, 0, image.side, image.side, x, y, layout.side, layout.side)
    else {
      context.fillStyle = paint.palette.line
      context.globalAlpha = 0.35
      context.fillRect(x, y, layout.side, layout.side)
      context.globalAlpha = 1
    }
    context.strokeStyle = paint.palette.line
    context.lineWidth = 1
    context.strokeRect(x + 0.5, y + 0.5, layout.side - 1, layout.side - 1)
    paintUnder(context, ref, x, y + layout.side, { data, layout, paint, strongest, font: paint.palette.sans })
  })
  if (picture.width > 0 && picture.height > 0) canvas.getContext('2d')?.drawImage(picture, 0, 0)
}

function layerImage(
  state: Painted,
  layer: number,
  source: Uint8Array | Int8Array,
  data: HeadGridData,
  onScreen: number,
  colours: string,
  pixels: Uint32Array,
): LayerImage {
  const size = data.sizes[layer] ?? Math.round(Math.sqrt(source.length / data.heads))
  const side = Math.max(1, Math.min(size, onScreen))
  const key = `${side} ${colours}`
  const known = state.layers.get(layer)
  if (known?.source === source && known.key === key) return known
  const image: LayerImage = { source, key, side, canvas: thumbnailCanvas(source, data.heads, size, side, pixels) }
  state.layers.set(layer, image)
  return image
}

interface Under {
  readonly data: HeadGridData
  readonly layout: HeadGridLayout
  readonly paint: HeadGridPaint
  readonly strongest: number
  readonly font: string
}

/** Score bar, score and name under a thumbnail. */
function paintUnder(context: CanvasRenderingContext2D, ref: HeadRef, x: number, y: number, under: Under): void {
  const { data, layout, paint } = under
  const score = data.scores?.[ref.layer * data.heads + ref.head]
  let top = y
  if (score !== undefined) {
    context.fillStyle = paint.palette.line
    context.fillRect(x, y + 2, layout.side, 2.5)
    context.fillStyle = paint.kind === 'difference' && score < 0 ? paint.palette.difference[0] : paint.palette.accent
    if (under.strongest > 0) context.fillRect(x, y + 2, (layout.side * Math.abs(score)) / under.strongest, 2.5)
    top += 5
  }
  context.textBaseline = 'top'
  if (layout.captions) {
    context.font = `600 10.5px ${under.font}`
    context.textAlign = 'left'
    context.fillStyle = paint.palette.ink
    context.fillText(headName(ref), x, top + 2)
  }
  if (layout.numbers && score !== undefined) {
    context.font = `400 10.5px ${under.font}`
    context.textAlign = layout.captions ? 'right' : 'center'
    context.fillStyle = paint.palette.inkQuiet
    context.fillText(paint.format(score), layout.captions ? x + layout.side : x + layout.side / 2, top + 2)
  }
}
