// Tokens as a listbox beside or under lines: pointer, keyboard, and one option for each token.

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

const cursors = new WeakMap<Element, number>()
/** Lists that the pointer points into: only then does its leaving end the pointing, which the keyboard may have begun. */
const underPointer = new WeakSet<Element>()

/** Draws the tokens into `host`, and listens. */
export function drawTokenList(host: Slot<HTMLDivElement>, list: TokenList): void {
  const element = host.node()
  if (element === null) return
  const base = idOf(host)
  host
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
    .attr('id', (_, index) => `${base}-${index}`)
    .attr('aria-selected', (_, index) => String(index === list.chosen))
    .attr('title', (token) => (token.label.length > 14 ? token.label : null))
    .classed('is-special', (token) => token.special)
    .classed('is-changed', (token) => token.changed)
    .classed('is-gap', (token) => token.gap)
    .classed('is-hot', (_, index) => index === list.hot)
    .classed('is-chosen', (_, index) => index === list.chosen)
    .classed('is-dim', (_, index) => list.dim(index))
    .each(function (token, index) {
      const box = list.place(index)
      const beside = list.beside(index)
      this.style.left = `${box.left}px`
      this.style.top = `${box.top}px`
      this.style.width = `${box.width}px`
      this.style.height = `${box.height}px`
      this.style.background = beside?.tint ?? ''
      const [label, value] = this.children
      if (label !== undefined && value !== undefined) {
        label.textContent = showSpaces(token.label)
        value.textContent = beside?.text ?? ''
      }
    })
  listen(host, element, list)
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
