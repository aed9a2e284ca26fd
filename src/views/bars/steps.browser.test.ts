import '../palette.css'
import '../views.css'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { toSvg } from '../kit/export.ts'
import { nothing, threeDigits } from '../kit/gallery-data.ts'
import { drawForce } from './force.ts'
import { drawSurrogate, type SurrogateOptions, type SurrogateSample } from './surrogate.ts'
import { contributionOptions, contributionsOf } from './waterfall.gallery.ts'
import { drawWaterfall } from './waterfall.ts'

let element: HTMLDivElement

beforeEach(() => {
  document.documentElement.dataset.theme = 'light'
  element = document.createElement('div')
  element.style.width = '640px'
  document.body.append(element)
})

afterEach(() => element.remove())

/** -0.4 + 0.5 - 1.25 + 0.25 + 0.125 = -0.775 */
const data = contributionsOf(['the', 'not', 'bad', 'film'], [0.5, -1.25, 0.25, 0.125])

async function focusList(): Promise<HTMLElement> {
  const list = element.querySelector<HTMLElement>('[role=listbox]')
  if (!list) throw new Error('no listbox')
  await userEvent.tab()
  expect(document.activeElement).toBe(list)
  return list
}

const readout = (): string =>
  Array.from(element.querySelectorAll('.is-readout span'), (span) => span.textContent)
    .join(' ')
    .trim()

const active = (list: HTMLElement): string | null | undefined =>
  document.getElementById(list.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label')

test('waterfall: the keyboard walks the steps, tells them exactly, and chooses tokens only', async () => {
  const [onHover, onSelect] = [vi.fn(), vi.fn()]
  drawWaterfall(element, data, { ...contributionOptions, most: 3, onHover, onSelect })
  const list = await focusList()
  expect(active(list)).toBe('not −1.250')
  expect(readout()).toBe('not −1.250 0.475 → -0.775')
  await userEvent.keyboard('{ArrowDown}{Enter}')
  expect(onHover).toHaveBeenLastCalledWith('0')
  expect(onSelect).toHaveBeenLastCalledWith('0')
  await userEvent.keyboard('{End}{Enter}')
  expect(active(list)).toBe('2 others +0.375')
  expect(onHover).toHaveBeenLastCalledWith(null)
  expect(onSelect).toHaveBeenCalledTimes(1)
  await userEvent.keyboard('{Home}')
  expect(active(list)).toBe('not −1.250')
})

test('waterfall: a weak token that is pointed at elsewhere lights the step that it is in', () => {
  drawWaterfall(element, data, { ...contributionOptions, most: 3, hovered: '3' })
  expect(element.querySelector('.is-hot')?.getAttribute('aria-label')).toBe('2 others +0.375')
})

test('force: arrows are as wide as their values, and pointing tells the token', async () => {
  const onHover = vi.fn()
  drawForce(element, data, { ...contributionOptions, onHover })
  const width = (label: string): number =>
    element.querySelector(`[aria-label^="${label}"] .is-step-shape`)?.getBoundingClientRect().width ?? 0
  expect(width('not') / width('the')).toBeCloseTo(2.5, 1)
  const the = element.querySelector('[aria-label^="the"]')
  if (!the) throw new Error('no arrow')
  await userEvent.hover(the)
  expect(onHover).toHaveBeenLastCalledWith('0')
  expect(readout()).toBe('the +0.500 -1.275 → -0.775')
})

test('steps: a screen reader gets every number from the base to the output, and a file has its colours', async () => {
  drawWaterfall(element, data, { ...contributionOptions, most: 3 })
  const cells = Array.from(element.querySelectorAll('tbody td'), (cell) => cell.textContent)
  expect(cells).toEqual(['-0.400', '+0.500', '−1.250', '+0.250', '+0.125', '-0.775'])
  const file = new DOMParser().parseFromString(await toSvg(element, { title: '', lines: [], metadata: {} }), 'image/svg+xml')
  expect(file.documentElement.textContent).toContain('logit of “positive”')
  expect(new Set(Array.from(file.querySelectorAll('path'), (path) => path.getAttribute('fill'))).size).toBeGreaterThan(1)
})

const samples: readonly SurrogateSample[] = [
  { key: 'whole', pieces: [piece('not'), piece(' bad')], fitted: 1, output: 2, weight: 1 },
  { key: 'bad', pieces: [piece('not', true), piece(' bad')], fitted: -1, output: -2, weight: 0.5 },
  { key: 'none', pieces: [piece('not', true), piece(' bad', true)], fitted: 0, output: 0, weight: 0 },
]

function piece(text: string, away = false): SurrogateSample['pieces'][number] {
  return { text, away }
}

const surrogateOptions: SurrogateOptions = {
  selected: null,
  words: {
    summary: 'Samples',
    fitted: 'line',
    output: 'model',
    fittedAxis: 'line',
    outputAxis: 'model',
    weight: 'weight',
    itself: 'the text itself',
    nothing: 'nothing is left',
    same: 'both say the same',
  },
  format: threeDigits,
  onHover: nothing,
  onSelect: nothing,
}

test('surrogate: the keyboard reads what is there of each sample, and both numbers', async () => {
  const onSelect = vi.fn()
  drawSurrogate(element, { samples }, { ...surrogateOptions, onSelect })
  expect(readout()).toBe('model 2.000 line 1.000 weight 1.000')
  const list = await focusList()
  await userEvent.keyboard('{ArrowRight}')
  expect(active(list)).toBe('bad; model -2.000, line -1.000, weight 0.500')
  expect(element.querySelector('.is-away')?.textContent).toBe('not')
  await userEvent.keyboard('{End}{Enter}')
  expect(active(list)).toBe('nothing is left; model 0.000, line 0.000, weight 0.000')
  expect(onSelect).toHaveBeenLastCalledWith('none')
})

test('surrogate: the pointer finds the nearest dot, and far from all of them none', async () => {
  const onHover = vi.fn()
  drawSurrogate(element, { samples }, { ...surrogateOptions, onHover })
  const dot = element.querySelectorAll('.is-dot')[1]?.getBoundingClientRect()
  const stage = element.querySelector('.is-dots')
  if (!stage || !dot) throw new Error('no dots')
  const move = (x: number, y: number): boolean =>
    stage.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, pointerType: 'mouse' }))
  move(dot.left + 12, dot.top + 6)
  expect(onHover).toHaveBeenLastCalledWith('bad')
  move(dot.left + 80, dot.top)
  expect(onHover).toHaveBeenLastCalledWith(null)
})
