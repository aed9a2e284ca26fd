// What a canvas shows, as shapes: a file that is exported draws them instead of the canvas's pixels.

const drawings = new WeakMap<HTMLCanvasElement, () => SVGElement>()

/** Says how a file draws what a canvas shows, in CSS pixels from the canvas's corner; null for by its pixels. */
export function setDrawing(canvas: HTMLCanvasElement, draw: (() => SVGElement) | null): void {
  if (draw === null) drawings.delete(canvas)
  else drawings.set(canvas, draw)
}

/** The shapes of a canvas; undefined for a canvas of pixels alone. */
export function drawingOf(canvas: HTMLCanvasElement): SVGElement | undefined {
  return drawings.get(canvas)?.()
}
