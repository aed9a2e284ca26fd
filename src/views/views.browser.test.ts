import './palette.css'
import './views.css'
import { rgb } from 'd3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { drawBars } from './bars/bars.ts'
import { drawRanking } from './bars/ranking.ts'
import { examples } from './gallery.ts'
import { drawHeadGrid } from './heads/head-grid.ts'
import type { HeadGridData, HeadGridOptions } from './heads/head-grid-data.ts'
import { headName } from './heads/head-grid-layout.ts'
import { toPng, toSvg } from './kit/export.ts'
import { attention, manyTokens, nothing, sentence, threeDigits, thumbnails, withGaps } from './kit/gallery-data.ts'
import { drawFlow, type FlowOptions } from './lines/flow.ts'
import { drawHeatmap, type HeatmapData, type HeatmapOptions } from './matrix/heatmap.ts'
import { drawTokenFocus } from './matrix/token-focus.ts'

let element: HTMLDivElement

beforeEach(() => {
  document.documentElement.dataset.theme = 'light'
  element = document.createElement('div')
  element.style.width = '640px'
  document.body.append(element)
})

afterEach(() => element.remove())

/** Markup with rounded numbers and stable ids; of long runs of like elements the first, and a sum over the rest. */
function snapshotOf(root: Element): string {
  const ids = new Map<string, string>()
  const stable = (text: string): string =>
    text
      .replace(/is-\d+/g, (id) => {
        ids.set(id, ids.get(id) ?? `id-${ids.size}`)
        return ids.get(id) ?? id
      })
      .replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))
  const lines: string[] = []
  const walk = (node: Element, depth: number): void => {
    const attributes = Array.from(node.attributes, (attribute) => ` ${attribute.name}="${stable(attribute.value)}"`).join('')
    const text = node.childElementCount === 0 ? (node.textContent ?? '') : ''
    lines.push(`${'  '.repeat(depth)}<${node.tagName.toLowerCase()}${attributes}>${text}`)
    const children = Array.from(node.children)
    const shown = children.length > 16 ? 3 : children.length
    for (const child of children.slice(0, shown)) walk(child, depth + 1)
    const rest = children.slice(shown).map((child) => stable(child.outerHTML))
    if (rest.length > 0) lines.push(`${'  '.repeat(depth + 1)}… ${rest.length} more, ${checksum(rest.join(''))}`)
  }
  walk(root, 0)
  return `${lines.join('\n')}\n`
}

function checksum(text: string): string {
  let sum = 0
  for (let index = 0; index < text.length; index += 1) sum = (sum * 31 + text.charCodeAt(index)) >>> 0
  return sum.toString(16)
}

describe('gallery', () => {
  test.each(examples.map((example) => [example.name, example] as const))('%s', async (name, example) => {
    example.render(element)
    await expect(snapshotOf(element)).toMatchFileSnapshot(`./__snapshots__/${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}.txt`)
  })

  test.each(examples.map((example) => [example.name, example] as const))('%s: fits 320 pixels', (_, example) => {
    element.style.width = '320px'
    example.render(element)
    expect(element.scrollWidth).toBeLessThanOrEqual(320)
  })
})

const heatmapOptions: HeatmapOptions = {
  scale: { kind: 'attention', max: 1 },
  unit: 'attention',
  selected: null,
  hovered: null,
  selectedToken: null,
  zoom: 'fit',
  words: { query: 'query', key: 'key', summary: 'Attention', gap: 'no token here' },
  format: threeDigits,
  onHover: nothing,
  onSelect: nothing,
  onSelectToken: nothing,
}

function matrixOf(count: number, seed = 1): HeatmapData {
  const tokens = count === 10 ? sentence : manyTokens(count)
  return { rows: tokens, columns: tokens, values: attention(count, 'previous', seed) }
}

function one<Kind extends Element>(selector: string, kind: abstract new () => Kind): Kind {
  const found = element.querySelector(selector)
  if (!(found instanceof kind)) throw new Error(`${selector} is not drawn`)
  return found
}

function plotOf(): HTMLElement {
  return one('.is-plot', HTMLElement)
}

function readout(): string {
  return Array.from(element.querySelectorAll('.is-readout span'), (span) => span.textContent).join(' ')
}

async function tabTo(target: Element): Promise<void> {
  for (let step = 0; step < 20 && document.activeElement !== target; step += 1) await userEvent.keyboard('{Tab}')
  expect(document.activeElement).toBe(target)
}

describe('heatmap', () => {
  test('few cells are SVG, many are drawn on a canvas, and of more than 64 tokens each is a pixel', () => {
    drawHeatmap(element, matrixOf(20), heatmapOptions)
    expect(element.querySelectorAll('.is-cells rect')).toHaveLength(400)
    expect(element.querySelector('canvas')).toBeNull()
    drawHeatmap(element, matrixOf(64), heatmapOptions)
    expect(element.querySelector('.is-cells')).toBeNull()
    expect(one('canvas', HTMLCanvasElement).width).toBe(Math.round(plotOf().clientWidth * window.devicePixelRatio))
    drawHeatmap(element, matrixOf(65), heatmapOptions)
    expect(one('canvas', HTMLCanvasElement).width).toBe(65)
    drawHeatmap(element, matrixOf(10), heatmapOptions)
    expect(element.querySelectorAll('.is-cells rect')).toHaveLength(100)
    expect(element.querySelector('canvas')).toBeNull()
  })

  test('cells on a canvas have the colours that SVG cells have, and are rectangles in a file', async () => {
    const data = matrixOf(30)
    drawHeatmap(element, data, heatmapOptions)
    const canvas = one('canvas', HTMLCanvasElement)
    const svg = new DOMParser().parseFromString(await toSvg(element, { title: 'Head', lines: [], metadata: {} }), 'image/svg+xml')
    expect(svg.querySelector('image')).toBeNull()
    const cells = Array.from(svg.querySelectorAll('g[transform] > rect'))
    expect(cells).toHaveLength(900)
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray()
    const ratio = window.devicePixelRatio
    for (const cell of cells) {
      const middle = (at: string, side: string): number =>
        Math.floor((Number(cell.getAttribute(at)) + Number(cell.getAttribute(side)) / 2) * ratio)
      const at = 4 * (middle('y', 'height') * canvas.width + middle('x', 'width'))
      expect(rgb(cell.getAttribute('fill') ?? '')).toMatchObject({ r: pixels[at], g: pixels[at + 1], b: pixels[at + 2] })
    }
    // The drawing of a canvas goes with it.
    drawHeatmap(element, matrixOf(65), heatmapOptions)
    expect(await toSvg(element, { title: 'Head', lines: [], metadata: {} })).toContain('<image')
  })

  test('new values recolour the same nodes', () => {
    drawHeatmap(element, matrixOf(10), heatmapOptions)
    const before = Array.from(element.querySelectorAll('.is-cells rect'))
    const fills = before.map((cell) => cell.getAttribute('fill'))
    drawHeatmap(element, matrixOf(10, 99), heatmapOptions)
    const after = Array.from(element.querySelectorAll('.is-cells rect'))
    expect(after).toEqual(before)
    expect(after.every((cell, index) => cell === before[index])).toBe(true)
    expect(after.map((cell) => cell.getAttribute('fill'))).not.toEqual(fills)
  })

  test('the keyboard walks, tells values and selects', async () => {
    const onHover = vi.fn()
    const onSelect = vi.fn()
    const onSelectToken = vi.fn()
    const data = matrixOf(10)
    drawHeatmap(element, data, { ...heatmapOptions, onHover, onSelect, onSelectToken })
    await tabTo(plotOf())
    await userEvent.keyboard('{ArrowDown}{ArrowRight}{ArrowRight}')
    expect(readout()).toBe(`the → film ${threeDigits(data.values[12] ?? 0)}`)
    expect(onHover).toHaveBeenLastCalledWith({ row: 1, column: 2 })
    await userEvent.keyboard('{Enter}')
    expect(onSelect).toHaveBeenCalledWith({ row: 1, column: 2 })
    await userEvent.keyboard('{End}')
    expect(readout()).toContain('the → [SEP]')
    await userEvent.keyboard('{Home}{ArrowLeft}{Enter}')
    expect(readout()).toBe('query the')
    expect(onSelectToken).toHaveBeenCalledWith(1, 'row')
  })

  test('hovering calls back and moves only the overlay', async () => {
    const onHover = vi.fn()
    drawHeatmap(element, matrixOf(10), { ...heatmapOptions, onHover })
    const changes: MutationRecord[] = []
    const observer = new MutationObserver((records) => changes.push(...records))
    observer.observe(one('.is-cells', SVGSVGElement), { subtree: true, attributes: true, childList: true })
    const side = plotOf().clientWidth / 10
    await userEvent.hover(plotOf(), { position: { x: side * 4.5, y: side * 3.5 } })
    expect(onHover).toHaveBeenLastCalledWith({ row: 3, column: 4 })
    expect(readout()).toContain('is → not')
    await userEvent.hover(one('.is-foot', HTMLElement))
    expect(onHover).toHaveBeenLastCalledWith(null)
    expect(changes.concat(observer.takeRecords())).toEqual([])
  })

  test('gaps are hatched and read out in words', () => {
    const { values, ...tokens } = matrixOf(10)
    drawHeatmap(element, { ...tokens, values: withGaps(values, 10, [4]) }, { ...heatmapOptions, selected: { row: 4, column: 1 } })
    expect(element.querySelectorAll('.is-cells rect[fill-opacity="0"]')).toHaveLength(19)
    expect(element.querySelectorAll('.is-hatch')).toHaveLength(1)
    expect(readout()).toBe('not → the no token here')
    drawHeatmap(element, matrixOf(10), heatmapOptions)
    expect(element.querySelectorAll('.is-hatch')).toHaveLength(0)
  })

  test('the same theme written again draws nothing', async () => {
    const format = vi.fn(threeDigits)
    drawHeatmap(element, matrixOf(10), { ...heatmapOptions, format })
    format.mockClear()
    document.documentElement.dataset.theme = 'light'
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(format).not.toHaveBeenCalled()
    document.documentElement.dataset.theme = 'dark'
    await expect.poll(() => format.mock.calls.length).toBeGreaterThan(0)
  })

  test('a new theme recolours what is drawn', async () => {
    drawHeatmap(element, matrixOf(10), heatmapOptions)
    const light = one('.is-cells rect', SVGRectElement).getAttribute('fill')
    document.documentElement.dataset.theme = 'dark'
    await expect.poll(() => one('.is-cells rect', SVGRectElement).getAttribute('fill')).not.toBe(light)
  })

  test('a new width lays it out again', async () => {
    drawHeatmap(element, matrixOf(40), heatmapOptions)
    const before = plotOf().style.width
    element.style.width = '400px'
    await expect.poll(() => plotOf().style.width).not.toBe(before)
  })

  test('ctrl and wheel enlarge a large matrix around the pointer', () => {
    drawHeatmap(element, matrixOf(128), heatmapOptions)
    const before = plotOf().clientWidth
    const box = plotOf().getBoundingClientRect()
    const at = { clientX: box.left + 200, clientY: box.top + 100 }
    plotOf().dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: -120, ctrlKey: true, bubbles: true, cancelable: true }))
    expect(plotOf().clientWidth).toBeGreaterThan(before)
    expect(one('.is-scroller', HTMLElement).scrollLeft).toBeGreaterThan(0)
  })

  test('a screen reader gets a table', () => {
    drawHeatmap(element, matrixOf(10), heatmapOptions)
    expect(element.querySelectorAll('table tbody tr')).toHaveLength(10)
    expect(one('table tbody th', HTMLElement).textContent).toBe('[CLS]')
  })
})

const gridOptions: HeadGridOptions = {
  kind: 'attention',
  selected: [],
  hovered: null,
  columns: null,
  words: { layer: 'layer', head: 'head', summary: 'All heads' },
  format: threeDigits,
  describe: (ref) => `head ${headName(ref)}`,
  onHover: nothing,
  onSelect: nothing,
}

const gridData: HeadGridData = {
  layers: 6,
  heads: 12,
  thumbnails: Array.from({ length: 6 }, (_, layer) => thumbnails(12, 16, layer)),
  sizes: Array.from({ length: 6 }, () => 16),
  scores: null,
  order: Array.from({ length: 72 }, (_, index) => ({ layer: Math.floor(index / 12), head: index % 12 })),
}

describe('head grid', () => {
  test('the keyboard walks, names the head and selects', async () => {
    const onSelect = vi.fn()
    drawHeadGrid(element, gridData, { ...gridOptions, onSelect })
    const stage = one('.is-stage', HTMLElement)
    await tabTo(stage)
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowRight}{ArrowRight}{ArrowRight}')
    expect(readout()).toBe('head 3.4')
    const active = document.getElementById(stage.getAttribute('aria-activedescendant') ?? '')
    expect(active?.getAttribute('aria-label')).toBe('head 3.4')
    await userEvent.keyboard('{Enter}')
    expect(onSelect).toHaveBeenLastCalledWith({ layer: 2, head: 3 }, false)
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}')
    expect(onSelect).toHaveBeenLastCalledWith({ layer: 2, head: 3 }, true)
  })

  test('clicking selects, with ctrl additively; hovering does not paint the canvas', async () => {
    const onSelect = vi.fn()
    const onHover = vi.fn()
    drawHeadGrid(element, gridData, { ...gridOptions, onSelect, onHover })
    const paint = vi.spyOn(CanvasRenderingContext2D.prototype, 'drawImage')
    const stage = one('.is-stage', HTMLElement)
    await userEvent.click(stage, { position: { x: 40, y: 50 } })
    expect(onHover).toHaveBeenCalledWith({ layer: 0, head: 0 })
    expect(onSelect).toHaveBeenLastCalledWith({ layer: 0, head: 0 }, false)
    await userEvent.click(stage, { position: { x: 40, y: 50 }, modifiers: ['Control'] })
    expect(onSelect).toHaveBeenLastCalledWith({ layer: 0, head: 0 }, true)
    expect(paint).not.toHaveBeenCalled()
    paint.mockRestore()
  })

  test('a long press adds to the selection', async () => {
    const onSelect = vi.fn()
    drawHeadGrid(element, gridData, { ...gridOptions, onSelect })
    const stage = one('.is-stage', HTMLElement)
    const box = stage.getBoundingClientRect()
    const press = { pointerType: 'touch', clientX: box.left + 40, clientY: box.top + 50, bubbles: true }
    stage.dispatchEvent(new PointerEvent('pointerdown', press))
    await expect.poll(() => onSelect.mock.calls.length).toBe(1)
    expect(onSelect).toHaveBeenCalledWith({ layer: 0, head: 0 }, true)
    stage.dispatchEvent(new MouseEvent('click', press))
    expect(onSelect).toHaveBeenCalledTimes(1)
  })

  test('selected heads are options that are selected', () => {
    drawHeadGrid(element, gridData, { ...gridOptions, selected: [{ layer: 1, head: 2 }] })
    const selected = Array.from(element.querySelectorAll('[aria-selected=true]'), (option) => option.getAttribute('aria-label'))
    expect(selected).toEqual(['head 2.3'])
  })
})

const flowOptions: FlowOptions = {
  threshold: 0.05,
  selectedToken: null,
  hoveredToken: null,
  scale: { kind: 'attention', max: 1 },
  words: { query: 'query', key: 'key', summary: 'Attention', hidden: 'lines are not drawn' },
  format: threeDigits,
  onHoverToken: nothing,
  onSelectToken: nothing,
}

describe('flow', () => {
  const heads = [{ key: '0', label: '1.1', colour: null, values: attention(10, 'previous', 1) }]
  const data = { tokens: sentence, keys: sentence, heads }

  test('pointing at a token lights its lines and says what it looks at', async () => {
    const onHoverToken = vi.fn()
    const onSelectToken = vi.fn()
    drawFlow(element, data, { ...flowOptions, onHoverToken, onSelectToken })
    await tabTo(one('.is-query', HTMLElement))
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    expect(onHoverToken).toHaveBeenLastCalledWith(2, 'query')
    expect(readout()).toMatch(/^film → the 0\.\d{3}$/)
    expect(element.querySelectorAll('.is-lit path')).toHaveLength(1)
    await userEvent.keyboard('{ArrowRight}')
    expect(onHoverToken.mock.lastCall?.[1]).toBe('key')
    await userEvent.keyboard('{Enter}')
    expect(onSelectToken.mock.lastCall?.[1]).toBe('key')
  })

  test('beyond 1500 lines the base is a canvas, and the rest is counted', () => {
    const tokens = manyTokens(128)
    const many = { tokens, keys: tokens, heads: [{ key: '0', label: '1.1', colour: null, values: attention(128, 'broad', 1) }] }
    drawFlow(element, many, { ...flowOptions, threshold: 0 })
    expect(one('canvas', HTMLCanvasElement).hidden).toBe(false)
    expect(element.querySelectorAll('g.is-base path')).toHaveLength(0)
    expect(one('.is-side-note', HTMLElement).textContent).toBe('12,384 lines are not drawn')
  })

  test('weaker lines appear with a lower threshold, and kept lines keep their nodes', () => {
    drawFlow(element, data, flowOptions)
    const before = Array.from(element.querySelectorAll('g.is-base path'))
    drawFlow(element, data, { ...flowOptions, threshold: 0.001 })
    const after = new Set(element.querySelectorAll('g.is-base path'))
    expect(after.size).toBeGreaterThan(before.length)
    expect(before.every((path) => after.has(path))).toBe(true)
  })
})

test('token focus: the strip under the keyboard tells its layer and value', async () => {
  const onSelect = vi.fn()
  const from = attention(10, 'previous', 1).slice(0, 30)
  const words = { looksAt: 'looks at', lookedAtBy: 'is looked at by', layer: 'layer', summary: 'Attention of “not”' }
  const data = { tokens: sentence, token: 4, layers: 3, from, to: from }
  drawTokenFocus(element, data, {
    scale: { kind: 'attention', max: 1 },
    selectedLayer: null,
    words,
    format: threeDigits,
    onSelect,
    onHover: nothing,
  })
  await tabTo(one('.is-to .is-plot', HTMLElement))
  await userEvent.keyboard('{ArrowDown}{ArrowRight}')
  expect(readout()).toBe(`layer 2 the → not ${threeDigits(from[11] ?? 0)}`)
  await userEvent.keyboard('{Enter}')
  expect(onSelect).toHaveBeenCalledWith(1, 1)
})

test('ranking: walks and selects rows', async () => {
  const onSelect = vi.fn()
  const row = (key: string): { key: string; label: string; value: number; detail: string } => ({ key, label: key, value: 0.2, detail: '' })
  drawRanking(
    element,
    { rows: ['a', 'b', 'c'].map(row) },
    {
      selected: null,
      hovered: null,
      max: 1,
      kind: 'difference',
      words: { summary: 'Heads', unit: '', empty: '' },
      format: threeDigits,
      onHover: nothing,
      onSelect,
    },
  )
  await tabTo(one('.is-ranking-list', HTMLElement))
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  expect(onSelect).toHaveBeenCalledWith('c')
})

const ABOUT = { title: 'toy · Attention', lines: ['A: “not bad”'], metadata: { model: 'toy' } }

describe('export', () => {
  test('a chart becomes one SVG document with its colours, texts, images and caption, which opens alone', async () => {
    drawHeatmap(element, matrixOf(65), { ...heatmapOptions, selected: { row: 2, column: 1 } })
    const file = await toSvg(element, ABOUT)
    const parsed = new DOMParser().parseFromString(file, 'image/svg+xml')
    expect(parsed.querySelector('parsererror')).toBeNull()
    expect(parsed.documentElement.textContent).toContain('A: “not bad”')
    expect(parsed.querySelector('title')?.textContent).toBe('toy · Attention')
    expect(JSON.parse(parsed.querySelector('metadata')?.textContent ?? '')).toEqual({ model: 'toy' })
    // Nothing outside of it: fonts and images are data.
    const addresses = Array.from(file.matchAll(/(?:href|src)="([^"]*)"|url\(["']?([^"')]*)/g), ([, one, other]) => one ?? other ?? '')
    expect(addresses.filter((address) => !address.startsWith('data:'))).toEqual([])
    const image = new Image()
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file)}`
    await image.decode()
    expect([image.naturalWidth, image.naturalHeight].every((size) => size > 300)).toBe(true)
    expect(parsed.querySelector('image')?.getAttribute('href')).toMatch(/^data:image\/png/)
    expect(parsed.documentElement.textContent).toContain('attention')
    expect(parsed.querySelector('[class]')).toBeNull()
  })

  test('a text is broken as on the page, pale cells are pale, and what is not to be exported is left out', async () => {
    const text = document.createElement('p')
    text.style.cssText = 'width: 90px; font: 16px monospace'
    text.append('some words of two lines')
    const control = document.createElement('span')
    control.dataset.notExported = ''
    control.append('Stop')
    const cells = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    cells.style.opacity = '0.5'
    element.append(text, control, cells)
    const parsed = new DOMParser().parseFromString(await toSvg(element, ABOUT), 'image/svg+xml')
    const lines = Array.from(parsed.querySelectorAll('text'), (node) => node.textContent ?? '')
    expect(lines.filter((line) => line !== '' && 'some words of two lines'.includes(line)).length).toBeGreaterThan(1)
    expect(lines).not.toContain('Stop')
    expect(parsed.querySelector('svg > svg')?.getAttribute('opacity')).toBe('0.5')
  })

  test('the PNG has two pixels to a CSS pixel', async () => {
    drawBars(
      element,
      { bars: [{ label: 'POSITIVE', value: 0.9, reference: null, strong: true }] },
      {
        domain: [0, 1],
        unit: 'probability',
        format: threeDigits,
        formatChange: threeDigits,
        words: { summary: 'Probability', reference: 'B' },
      },
    )
    const bitmap = await createImageBitmap(await toPng(element, ABOUT))
    expect(bitmap.width).toBe(2 * (640 + 2 * 16))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const pen = canvas.getContext('2d')
    pen?.drawImage(bitmap, 0, 0)
    // The caption's lines are drawn, below the chart.
    const below = pen?.getImageData(0, bitmap.height - 2 * 60, bitmap.width, 2 * 60).data ?? []
    expect(new Set(below).size).toBeGreaterThan(8)
  })
})
