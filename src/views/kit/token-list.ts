// Tokens as a listbox beside or under lines: pointer, keyboard, and one option for each token.

import type { Selection } from 'd3'
import type { AxisToken } from './chart.ts'
import { walkList } from './keyboard.ts'
import { showSpaces } from './labels.ts'
import { idOf, type Slot } from './slot.ts'

export interface TokenBox {
  /** CSS pixels inside the list. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface TokenList {
  readonly name: string
  readonly tokens: readonly AxisToken[]
  readonly place: (index: number) => TokenBox
  /** Equal keys mean equal places. */
  readonly layout: string
  /** Token pointed at or in focus. */
  readonly hot: number | null
  readonly chosen: number | null
  /** What stands beside a token while another is in focus: null for nothing. */
  readonly beside: (index: number) => { readonly text: string; readonly tint: string } | null
  readonly dim: (index: number) => boolean
  /** Keys that leave the list, for instance to the other column. */
  readonly onLeave: (key: string) => boolean
  readonly onPoint: (index: number | null) => void
  readonly onChoose: (index: number) => void
  /** Columns of the walk: 1 for a list from top to bottom, all tokens for one line. */
  readonly across: boolean
}

const drawnFrom = new WeakMap<Element, string>()
const cursors = new WeakMap<Element, number>()
/** Lists that the pointer points into: only then does its leaving end the pointing, which the keyboard may have begun. */
const underPointer = new WeakSet<Element>()

/** Draws the tokens into `host`, and listens. */
export function drawTokenList(host: Slot<HTMLDivElement>, list: TokenList): void {
  const element = host.node()
  if (element === null) return
  const base = idOf(host)
  const options = host
    .classed('is-tokens', true)
    .attr('role', 'listbox')
    .attr('aria-label', list.name)
    .attr('aria-orientation', list.across ? 'horizontal' : 'vertical')
    .attr('tabindex', 0)
    .attr('aria-activedescendant', list.hot === null ? null : `${base}-${list.hot}`)
    .selectAll<HTMLDivElement, AxisToken>('.is-token')
    .data(list.tokens)
    .join((enter) => {
      const option = enter.append('div').attr('class', 'is-token').attr('role', 'option')
      option.append('span').attr('class', 'is-token-label')
      option.append('span').attr('class', 'is-token-value')
      return option
    })
  const from = `${list.layout} ${list.tokens.map((token) => `${token.label} ${token.special} ${token.changed} ${token.gap}`).join('\n')}`
  if (drawnFrom.get(element) !== from) {
    drawnFrom.set(element, from)
    drawTokens(options, list, base)
  }
  options.each(function (_, index) {
    const beside = list.beside(index)
    const text = beside?.text ?? ''
    const value = this.lastElementChild
    if (value !== null && value.textContent !== text) value.textContent = text
    this.style.background = beside?.tint ?? ''
    this.setAttribute('aria-selected', String(index === list.chosen))
    this.classList.toggle('is-hot', index === list.hot)
    this.classList.toggle('is-chosen', index === list.chosen)
    this.classList.toggle('is-dim', list.dim(index))
  })
  listen(host, element, list)
}

/** What stays while the focus moves: names, marks and places. */
function drawTokens(options: Selection<HTMLDivElement, AxisToken, HTMLDivElement, unknown>, list: TokenList, base: string): void {
  options
    .attr('id', (_, index) => `${base}-${index}`)
    .attr('title', (token) => (token.label.length > 14 ? token.label : null))
    .classed('is-special', (token) => token.special)
    .classed('is-changed', (token) => token.changed)
    .classed('is-gap', (token) => token.gap)
    .each(function (_, index) {
      const box = list.place(index)
      this.style.left = `${box.left}px`
      this.style.top = `${box.top}px`
      this.style.width = `${box.width}px`
      this.style.height = `${box.height}px`
    })
    .select('.is-token-label')
    .text((token) => showSpaces(token.label))
}

function listen(host: Slot<HTMLDivElement>, element: HTMLElement, list: TokenList): void {
  const count = list.tokens.length
  const under = (event: Event): number | null => {
    const option = event.target instanceof Element ? event.target.closest('.is-token') : null
    const index = option === null ? -1 : Array.from(element.children).indexOf(option)
    return index < 0 ? null : index
  }
  const start = (): number => Math.max(0, Math.min(count - 1, list.hot ?? cursors.get(element) ?? list.chosen ?? 0))
  const choose = (index: number | null): void => {
    if (index === null) return
    cursors.set(element, index)
    list.onChoose(index)
  }
  host
    .on('pointermove pointerdown', (event: PointerEvent) => {
      underPointer.add(element)
      list.onPoint(under(event))
    })
    .on('pointerleave', (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && underPointer.delete(element)) list.onPoint(null)
    })
    .on('click', (event: MouseEvent) => choose(under(event)))
    .on('focus', (event: FocusEvent) => {
      if (count > 0 && event.target instanceof Element && event.target.matches(':focus-visible')) list.onPoint(start())
    })
    .on('blur', () => list.onPoint(null))
    .on('keydown', (event: KeyboardEvent) => {
      if (count === 0) return
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault()
        choose(start())
        return
      }
      if (list.onLeave(event.key)) {
        event.preventDefault()
        return
      }
      const next = walkList(start(), event.key, count, 1)
      if (next === null) return
      event.preventDefault()
      cursors.set(element, next)
      list.onPoint(next)
      element.children[next]?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    })
}
