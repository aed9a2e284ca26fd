// From values to colours. The palette lives in CSS custom properties, so the page's theme decides; canvas drawing needs
// it as numbers, and reads it here.

import { interpolateLab, interpolateRgb, rgb } from 'd3'
import type { ColourScale } from './chart.ts'

export interface Palette {
  readonly surface: string
  readonly ink: string
  readonly inkQuiet: string
  readonly line: string
  readonly accent: string
  /** Attention 0, half, 1. */
  readonly attention: readonly [string, string, string]
  /** Signed values: -max, 0, max. */
  readonly difference: readonly [string, string, string]
  /** Fixed order of heads. */
  readonly heads: readonly string[]
  /** Type family of canvas text. */
  readonly sans: string
}

/** 256 steps of one scale, as CSS text and as ImageData pixels. */
export interface Ramp {
  readonly key: string
  readonly css: readonly string[]
  readonly pixels: Uint32Array
}

const headColours = 12
const last = 255

const fallback: Palette = {
  surface: '#ffffff',
  ink: '#1b1c2e',
  inkQuiet: '#666982',
  line: '#e2e3ee',
  accent: '#4f46d8',
  attention: ['#f4f5fc', '#8c94ee', '#1d1670'],
  difference: ['#1259b5', '#f5f5f7', '#c4530a'],
  heads: Array.from({ length: headColours }, () => '#4f46d8'),
  sans: 'sans-serif',
}

let palettes = new WeakMap<Element, Palette>()

/** The theme has changed: palettes are read anew. */
export function forgetPalettes(): void {
  palettes = new WeakMap()
}

/**
 * The page's palette as it stands at `element`; a page without palette.css gets the light one. Read once a theme: asked
 * at every draw, among the writes of other charts, the browser would compute every style each time.
 */
export function paletteOf(element: Element): Palette {
  const known = palettes.get(element)
  if (known) return known
  const palette = readPalette(element)
  palettes.set(element, palette)
  return palette
}

function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const read = (name: string, otherwise: string): string => style.getPropertyValue(`--is-${name}`).trim() || otherwise
  return {
    surface: read('surface', fallback.surface),
    ink: read('ink', fallback.ink),
    inkQuiet: read('ink-quiet', fallback.inkQuiet),
    line: read('line', fallback.line),
    accent: read('accent', fallback.accent),
    attention: [
      read('attention-0', fallback.attention[0]),
      read('attention-half', fallback.attention[1]),
      read('attention-1', fallback.attention[2]),
    ],
    difference: [
      read('diff-neg', fallback.difference[0]),
      read('diff-zero', fallback.difference[1]),
      read('diff-pos', fallback.difference[2]),
    ],
    heads: fallback.heads.map((colour, head) => read(`head-${head}`, colour)),
    sans: read('font-sans', fallback.sans),
  }
}

const ramps = new Map<string, Ramp>()

/** The 256 colours of a scale: three stops, interpolated in Lab so that equal steps look equal. */
export function rampOf(palette: Palette, kind: ColourScale['kind']): Ramp {
  const stops = palette[kind]
  const key = stops.join(' ')
  const known = ramps.get(key)
  if (known !== undefined) return known
  const low = interpolateLab(stops[0], stops[1])
  const high = interpolateLab(stops[1], stops[2])
  const css = Array.from({ length: last + 1 }, (_, step) => {
    const share = (step / last) * 2
    return rgb(share < 1 ? low(share) : high(share - 1)).formatHex()
  })
  const ramp: Ramp = { key, css, pixels: Uint32Array.from(css, pixelOf) }
  ramps.set(key, ramp)
  return ramp
}

/** A CSS colour as one opaque little-endian RGBA pixel. */
export function pixelOf(colour: string): number {
  const { r, g, b } = rgb(colour)
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0
}

/** Step of the ramp (0..255) for a value; values outside the scale take its ends. NaN has no step: check before. */
export function rampStep(value: number, scale: ColourScale): number {
  const share = scale.kind === 'attention' ? value / scale.max : (value / scale.max + 1) / 2
  return Math.max(0, Math.min(last, Math.round(share * last)))
}

/** CSS colour of a value. */
export function colourOf(value: number, scale: ColourScale, ramp: Ramp): string {
  return ramp.css[rampStep(value, scale)] ?? 'none'
}

/** What a colour looks like half transparent on a ground. */
export function paler(colour: string, ground: string): string {
  return rgb(interpolateRgb(colour, ground)(0.5)).formatHex()
}

const inks = new Map<string, string>()

/** The ink in which text on a colour is read more easily: nearly black, or white (WCAG 2.2, contrast ratio). */
export function inkOn(colour: string): string {
  const known = inks.get(colour)
  if (known !== undefined) return known
  const light = luminance(colour)
  const [dark, bright] = [(light + 0.05) / (luminance(darkInk) + 0.05), 1.05 / (light + 0.05)]
  const ink = dark >= bright ? darkInk : '#ffffff'
  inks.set(colour, ink)
  return ink
}

const darkInk = '#16181d'

/** Relative luminance, 0..1. */
function luminance(colour: string): number {
  const { r, g, b } = rgb(colour)
  const [red, green, blue] = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

/** CSS colour of a head: its fixed categorical colour, or the accent when the chart has one hue. */
export function headColour(index: number | null, palette: Palette): string {
  return index === null ? palette.accent : (palette.heads[index % headColours] ?? palette.accent)
}
