// What a journey needs of a page in a browser, whichever engine it has. Elements are named by a selector and their accessible name.

/** An element on screen: the first that the selector finds and whose name (label, or text) is `name` or matches it. */
export interface Target {
  readonly css: string
  readonly name?: string | RegExp
}

export interface EnginePage {
  /** Of the browser, as it tells it. */
  readonly version: string
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** The size of the page itself, CSS pixels. */
  resize(size: { readonly width: number; readonly height: number }): Promise<void>
  /** Runs a function in the page, which sees nothing around it; argument and result go as JSON. */
  evaluate<Argument, Result>(run: (argument: Argument) => Result | Promise<Result>, argument: Argument): Promise<Result>
  /** A click by the browser's own pointer. */
  click(target: Target): Promise<void>
  /** Puts a text in place of a field's, by the browser's own keyboard. */
  type(target: Target, text: string): Promise<void>
  /** What is on screen, as PNG. */
  screenshot(): Promise<Buffer>
  /** Errors that the browser itself told of; those that the page sees are in its log (journey-host.ts). */
  browserErrors(): readonly string[]
  close(): Promise<void>
}

/** A target as a page's script takes it. */
export interface PlainTarget {
  readonly css: string
  /** A regular expression; null for any name. */
  readonly name: string | null
}

export function plain({ css, name }: Target): PlainTarget {
  if (name === undefined) return { css, name: null }
  return { css, name: typeof name === 'string' ? `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$` : name.source }
}

/** In the page: the element of a target, scrolled into the middle of the screen, where nothing that sticks to an edge covers it. */
export function findInPage({ css, name }: PlainTarget): Element | null {
  const textOf = (id: string): string => document.getElementById(id)?.textContent ?? ''
  const nameOf = (element: Element): string => {
    const by = element.getAttribute('aria-labelledby')
    const labels = 'labels' in element && element.labels instanceof NodeList ? Array.from(element.labels, (label) => label.textContent) : []
    const named = element.getAttribute('aria-label') ?? (by === null ? null : by.split(' ').map(textOf).join(' ')) ?? labels[0]
    return (named ?? element.textContent ?? '').replace(/\s+/g, ' ').trim()
  }
  const wanted = name === null ? null : new RegExp(name)
  for (const element of document.querySelectorAll(css)) {
    if (!element.checkVisibility() || (wanted !== null && !wanted.test(nameOf(element)))) continue
    element.scrollIntoView({ block: 'center', behavior: 'instant' })
    return element
  }
  return null
}

/** Asks again until there is an answer. */
export async function until<Result>(what: string, ask: () => Promise<Result | null | undefined | false>, ms = 60_000): Promise<Result> {
  for (const late = Date.now() + ms; ; await new Promise((done) => setTimeout(done, 50))) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (Date.now() > late) throw new Error(`${what}: not within ${ms / 1000} s`)
  }
}
