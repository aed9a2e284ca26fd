// Options of a chart: rows, steps, dots. One of them is pointed at, by pointer or keyboard, here or in another view.

import { walkList } from './keyboard.ts'
import { redraw } from './live.ts'
import { idOf, type Slot } from './slot.ts'

export interface OptionList {
  /** In the order of the walk, and of the elements with the role `option`. */
  readonly keys: readonly string[]
  readonly selected: string | null
  /** Pointed at in other views. */
  readonly hovered: string | null
  readonly onHover: (key: string | null) => void
  readonly onSelect: (key: string) => void
  /** The option under the pointer, where that is not the element under it. */
  readonly find?: (event: MouseEvent) => string | null
}

const pointed = new WeakMap<Element, string>()
const cursors = new WeakMap<Element, string>()

/** Index of the option that is pointed at in the chart of `element`, or else in other views; -1 for none. */
export function hotOption(element: Element, { keys, hovered }: Pick<OptionList, 'keys' | 'hovered'>): number {
  const key = pointed.get(element) ?? hovered
  return key === null ? -1 : keys.indexOf(key)
}

/** Id of an option, for `listOptions` to name. */
export function optionId(host: Slot<HTMLDivElement>, index: number): string {
  return `${idOf(host)}-${index}`
}

/** Makes `host`, whose options are drawn, a listbox that is pointed at, walked and chosen from. */
export function listOptions(host: Slot<HTMLDivElement>, element: HTMLElement, list: OptionList, name: string): void {
  const { keys } = list
  const hot = hotOption(element, list)
  host
    .attr('role', 'listbox')
    .attr('aria-label', name)
    .attr('tabindex', 0)
    .attr('aria-activedescendant', hot < 0 ? null : optionId(host, hot))
  const options = (): readonly Element[] => host.selectAll<Element, unknown>('[role=option]').nodes()
  const under = (event: MouseEvent): string | null => {
    if (list.find) return list.find(event)
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null
    return option === null ? null : (keys[options().indexOf(option)] ?? null)
  }
  const point = (key: string | null): void => {
    if ((pointed.get(element) ?? null) === key) return
    if (key === null) pointed.delete(element)
    else pointed.set(element, key)
    list.onHover(key)
    redraw(element)
  }
  const choose = (key: string | null | undefined): void => {
    if (key === undefined || key === null) return
    cursors.set(element, key)
    list.onSelect(key)
  }
  const start = (): number => {
    const known = [cursors.get(element) ?? null, list.selected].map((key) => (key === null ? -1 : keys.indexOf(key)))
    return hot >= 0 ? hot : (known.find((index) => index >= 0) ?? 0)
  }
  host
    .on('pointermove pointerdown', (event: PointerEvent) => point(under(event)))
    .on('pointerleave', (event: PointerEvent) => {
      if (event.pointerType === 'mouse') point(null)
    })
    .on('blur', () => point(null))
    .on('click', (event: MouseEvent) => choose(under(event)))
    .on('focus', (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) point(keys[start()] ?? null)
    })
    .on('keydown', (event: KeyboardEvent) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault()
        choose(keys[start()])
        return
      }
      const next = walkList(start(), event.key, keys.length, 1)
      const key = next === null ? undefined : keys[next]
      if (next === null || key === undefined) return
      event.preventDefault()
      cursors.set(element, key)
      point(key)
      options()[next]?.scrollIntoView({ block: 'nearest' })
    })
}
