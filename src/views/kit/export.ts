// A chart as a file: everything that is seen in an element becomes one standalone SVG. SVG parts are copied with their
// computed styles, canvases become images, and text and boxes set in HTML become SVG text and rectangles.

import { drawingOf } from './canvas-drawing.ts'
import { brokenLines } from './caption.ts'
import { embeddedFonts } from './embed-fonts.ts'

const svgNamespace = 'http://www.w3.org/2000/svg'

const copied = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'paint-order',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'text-decoration',
  'shape-rendering',
] as const

const margin = 16

interface Origin {
  readonly left: number
  readonly top: number
}

/** What a file says of itself beside what is drawn. */
export interface FileAbout {
  /** The first line of the caption, and the title of the file. */
  readonly title: string
  /** Further lines: texts, target, settings. Broken where they are too long. */
  readonly lines: readonly string[]
  /** For programs, as JSON. */
  readonly metadata: Readonly<Record<string, unknown>>
}

const captionFont = 13
const captionLine = 18
/** Below a narrow chart a caption would be a column of words. */
const leastWidth = 480

/** Draws what `element` shows into one SVG document, on the page's surface colour, with a caption and nothing outside of it needed. */
export async function toSvg(element: HTMLElement, about: FileAbout): Promise<string> {
  const svg = drawn(element, about)
  const families = Array.from(svg.querySelectorAll('[font-family]'), (node) => node.getAttribute('font-family') ?? '')
  const fonts = await embeddedFonts(svg.textContent ?? '', Array.from(new Set(families)))
  const style = make('style', {})
  style.textContent = `${fonts}\ntext { font-variant-ligatures: none; }`
  svg.querySelector('metadata')?.after(style)
  return new XMLSerializer().serializeToString(svg)
}

function drawn(element: HTMLElement, { title, lines, metadata }: FileAbout): SVGElement {
  const box = element.getBoundingClientRect()
  const origin: Origin = { left: box.left - margin, top: box.top - margin }
  const width = Math.max(leastWidth, Math.ceil(Math.max(box.width, element.scrollWidth))) + 2 * margin
  const chart = Math.ceil(Math.max(box.height, element.scrollHeight)) + margin
  const family = getComputedStyle(document.body).fontFamily
  const pen = document.createElement('canvas').getContext('2d')
  const widthOf = (text: string): number => {
    if (pen) pen.font = `${captionFont}px ${family}`
    return pen?.measureText(text).width ?? 0
  }
  const caption = [title, ...lines].flatMap((line, at) =>
    brokenLines(line, width - 2 * margin, widthOf).map((text) => ({ text, weight: at === 0 ? 650 : 400 })),
  )
  const height = chart + caption.length * captionLine + 2 * margin
  const svg = make('svg', { width, height, viewBox: `0 0 ${width} ${height}` })
  const name = make('title', {})
  name.textContent = title
  const data = make('metadata', {})
  data.textContent = JSON.stringify(metadata)
  const style = getComputedStyle(element)
  const surface = style.getPropertyValue('--is-surface').trim() || '#ffffff'
  svg.append(name, data, make('rect', { width, height, fill: surface }))
  copyElement(element, svg, origin)
  caption.forEach(({ text, weight }, at) => {
    const node = make('text', {
      x: margin,
      y: chart + margin + at * captionLine,
      fill: style.getPropertyValue('--is-ink').trim() || '#000000',
      'font-family': family,
      'font-size': captionFont,
      'font-weight': weight,
    })
    node.textContent = text
    svg.append(node)
  })
  return svg
}

/** The same as a PNG, `scale` pixels to a CSS pixel. Rejects when the browser cannot paint it. */
export async function toPng(element: HTMLElement, about: FileAbout, scale = 2): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await toSvg(element, about))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(image.naturalWidth * scale)
  canvas.height = Math.ceil(image.naturalHeight * scale)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The browser could not paint the chart as PNG.')) : resolve(blob)),
      'image/png',
    )
  })
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const node = document.createElementNS(svgNamespace, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
  return node
}

/** @param late gathers what stays in place where an element scrolls; null where nothing does */
function copyElement(element: Element, target: Element, origin: Origin, late: Element[] | null = null): void {
  if (element.classList.contains('is-unseen') || element.hasAttribute('data-not-exported')) return
  const style = getComputedStyle(element)
  if (style.display === 'none' || style.visibility === 'hidden') return
  if (element instanceof SVGSVGElement) {
    target.append(copySvg(element, origin))
    return
  }
  if (element instanceof HTMLCanvasElement) {
    target.append(copyCanvas(element, style, origin))
    return
  }
  copyBox(element, style, target, origin)
  if (element.hasAttribute('data-export-clipped')) {
    const inside = clipped(element, origin)
    target.append(inside)
    const late: Element[] = []
    copyChildren(element, style, inside, origin, late)
    // What stays where it is while the rest scrolls lies over it; what is in the corner lies over both.
    for (const one of byDepth(late)) copyElement(one, inside, origin)
    return
  }
  copyChildren(element, style, target, origin, late)
}

function copyChildren(element: Element, style: CSSStyleDeclaration, target: Element, origin: Origin, late: Element[] | null): void {
  for (const child of element.childNodes) {
    if (child instanceof Text) copyText(child, style, target, origin)
    else if (child instanceof Element && late !== null && getComputedStyle(child).position === 'sticky') late.push(child)
    else if (child instanceof Element) copyElement(child, target, origin, late)
  }
}

/** As much of an element as is seen, in the places of the whole file. */
function clipped(element: Element, origin: Origin): SVGElement {
  const { left, top, width, height } = element.getBoundingClientRect()
  const [x, y] = [left - origin.left, top - origin.top]
  return make('svg', { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, overflow: 'hidden' })
}

function byDepth(elements: readonly Element[]): readonly Element[] {
  const depth = (element: Element): number => Number.parseInt(getComputedStyle(element).zIndex, 10) || 0
  return elements.toSorted((one, other) => depth(one) - depth(other))
}

function copySvg(source: SVGSVGElement, origin: Origin): SVGElement {
  const box = source.getBoundingClientRect()
  const copy = make('svg', {
    x: box.left - origin.left,
    y: box.top - origin.top,
    width: box.width,
    height: box.height,
    overflow: 'visible',
    opacity: getComputedStyle(source).opacity,
  })
  for (const child of source.children) copy.append(copyNode(child, null))
  return copy
}

/** Copies a node of an SVG, with those computed styles that differ from its parent's. */
function copyNode(source: Element, inherited: CSSStyleDeclaration | null): Node {
  const copy = source.cloneNode(false)
  const style = getComputedStyle(source)
  if (copy instanceof SVGElement) {
    copy.removeAttribute('class')
    for (const property of copied) {
      const value = style.getPropertyValue(property)
      if (value !== '' && (property === 'opacity' ? value !== '1' : value !== inherited?.getPropertyValue(property)))
        copy.setAttribute(property, plainColour(value))
    }
  }
  if (source instanceof SVGTextElement && copy instanceof SVGElement) fixLength(copy, source.getComputedTextLength())
  for (const child of source.childNodes) {
    copy.appendChild(child instanceof Element ? copyNode(child, style) : child.cloneNode())
  }
  return copy
}

/** The page's fonts may be missing where the file is opened: the text keeps the width that it has here. */
function fixLength(text: SVGElement, length: number): void {
  if (length <= 0) return
  text.setAttribute('textLength', length.toFixed(1))
  text.setAttribute('lengthAdjust', 'spacingAndGlyphs')
}

const plainColours = new Map<string, string>()

/** Mixed colours are written in a form that other programs do not read: these are painted once, and read as they came out. */
function plainColour(value: string): string {
  if (!value.startsWith('color(')) return value
  const known = plainColours.get(value)
  if (known !== undefined) return known
  const pen = document.createElement('canvas').getContext('2d')
  if (pen === null) return value
  pen.fillStyle = value
  pen.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data
  const plain = `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`
  plainColours.set(value, plain)
  return plain
}

function copyCanvas(source: HTMLCanvasElement, style: CSSStyleDeclaration, origin: Origin): SVGElement {
  const box = source.getBoundingClientRect()
  const drawing = drawingOf(source)
  if (drawing !== undefined) {
    drawing.setAttribute('transform', `translate(${box.left - origin.left},${box.top - origin.top})`)
    drawing.setAttribute('opacity', style.opacity)
    return drawing
  }
  return make('image', {
    href: source.toDataURL(),
    x: box.left - origin.left,
    y: box.top - origin.top,
    width: box.width,
    height: box.height,
    preserveAspectRatio: 'none',
    opacity: style.opacity,
    'image-rendering': style.imageRendering,
  })
}

function copyBox(element: Element, style: CSSStyleDeclaration, target: Element, origin: Origin): void {
  const fill = plainColour(style.backgroundColor)
  if (fill === 'rgba(0, 0, 0, 0)' || fill === 'transparent') return
  const box = element.getBoundingClientRect()
  target.append(
    make('rect', {
      x: box.left - origin.left,
      y: box.top - origin.top,
      width: box.width,
      height: box.height,
      rx: Number.parseFloat(style.borderTopLeftRadius) || 0,
      fill,
      opacity: style.opacity,
    }),
  )
}

function copyText(text: Text, style: CSSStyleDeclaration, target: Element, origin: Origin): void {
  const isUpright = style.writingMode !== 'horizontal-tb'
  for (const { shown, box } of isUpright ? [wholeOf(text)] : linesOf(text)) {
    const [left, top] = [box.left - origin.left, box.top - origin.top]
    const middle = { x: left + box.width / 2, y: top + box.height / 2 }
    const place = isUpright
      ? // Words that stand upright are read from below, as on the page.
        { ...middle, 'text-anchor': 'middle', transform: `rotate(-90 ${middle.x} ${middle.y})` }
      : { x: left, y: middle.y }
    const node = make('text', {
      ...place,
      dy: '0.35em',
      fill: plainColour(style.color),
      opacity: style.opacity,
      'font-family': style.fontFamily,
      'font-size': style.fontSize,
      'font-weight': style.fontWeight,
    })
    if (style.textDecorationLine !== 'none') node.setAttribute('text-decoration', style.textDecoration)
    fixLength(node, isUpright ? box.height : box.width)
    node.textContent = shown
    target.append(node)
  }
}

interface ShownLine {
  readonly shown: string
  readonly box: DOMRect
}

function wholeOf(text: Text): ShownLine {
  const range = document.createRange()
  range.selectNodeContents(text)
  return { shown: text.data.trim(), box: range.getBoundingClientRect() }
}

/** A text as it is broken on the page. */
function linesOf(text: Text): readonly ShownLine[] {
  const range = document.createRange()
  const boxOf = (start: number, end: number): DOMRect => {
    range.setStart(text, start)
    range.setEnd(text, end)
    return range.getBoundingClientRect()
  }
  const lines: { start: number; end: number; top: number }[] = []
  for (const { 0: letter, index } of text.data.matchAll(/\S/gu)) {
    const { top } = boxOf(index, index + letter.length)
    const last = lines.at(-1)
    if (last && Math.abs(top - last.top) < SAME_LINE) last.end = index + letter.length
    else lines.push({ start: index, end: index + letter.length, top })
  }
  return lines.map(({ start, end }) => ({ shown: text.data.slice(start, end), box: boxOf(start, end) }))
}

/** Tops of letters of one line, CSS pixels: fonts of other scripts are of other heights. */
const SAME_LINE = 6
