// Watches the real page from outside: after each key, when its tokens, their tint, and the headline in its two states were drawn.

export interface Answered {
  readonly text: string
  /** Milliseconds of the page's clock, as all that follows; null until it is drawn. */
  readonly pressed: number
  /** The sentence's tokens, which come with the model's answer. */
  answered: number | null
  /** A token of that sentence has its tint, and all of its own have. */
  tinted: number | null
  allTinted: number | null
  first: number | null
  settled: number | null
  tokens: number
}

export interface Moved {
  /** Milliseconds each. */
  longTasks: number[]
  shift: number
}

export interface AnswerProbe {
  readonly keys: Answered[]
  moved: Moved
  forgetMoves(): void
  /** Whether what stands on the page is the last word on what was typed. */
  isSettled(): boolean
}

declare global {
  interface Window {
    answerProbe: AnswerProbe
  }
}

/** Installs `window.answerProbe`, behind `installPageWatch`; runs in the page before its own scripts, so it must not use anything from outside. */
export function installAnswerProbe(): void {
  const { onKey, afterFrame, bare } = window.pageWatch
  const seen = () => {
    const field = document.querySelector('textarea')
    const cells = Array.from(document.querySelectorAll('.side-a [data-index]'))
    const words = cells.filter((cell) => !cell.classList.contains('is-special'))
    const spelled = bare(words.map((cell) => cell.firstChild?.textContent ?? '').join(''))
    const headline = document.querySelector('[data-headline]')
    return {
      tokens: cells.length,
      isAnswered: field !== null && spelled === bare(field.value),
      isTinted: words.some((cell) => cell.hasAttribute('data-tint')),
      isAllTinted: words.every((cell) => cell.hasAttribute('data-tint')),
      headline: headline?.querySelector('.headline-waiting') ? null : (headline?.getAttribute('data-state') ?? null),
    }
  }
  const probe: AnswerProbe = {
    keys: [],
    moved: { longTasks: [], shift: 0 },
    forgetMoves: () => {
      probe.moved = { longTasks: [], shift: 0 }
    },
    isSettled: () => {
      const { isAnswered, isTinted, headline } = seen()
      return isAnswered && isTinted && headline === 'settled'
    },
  }
  window.answerProbe = probe
  onKey(
    (text, pressed) =>
      void probe.keys.push({ text, pressed, answered: null, tinted: null, allTinted: null, first: null, settled: null, tokens: 0 }),
  )
  new MutationObserver(() => {
    const key = probe.keys.at(-1)
    if (key === undefined || key.settled !== null) return
    const { isAnswered, isTinted, isAllTinted, headline, tokens } = seen()
    if (!isAnswered) return
    afterFrame((time) => {
      key.answered ??= time
      key.tokens = tokens
      if (isTinted) key.tinted ??= time
      if (isTinted && isAllTinted) key.allTinted ??= time
      if (headline !== null) key.first ??= time
      if (headline === 'settled') key.settled ??= time
    })
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.moved.longTasks.push(duration)
  }).observe({ type: 'longtask' })
  // The letters themselves move when a word grows: what moves for that alone is no shift of the layout.
  const isTyped = (node: unknown): boolean => {
    const element = node instanceof Element ? node : node instanceof Node ? node.parentElement : null
    return element?.closest('.sentence-layers') != null
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const moved: readonly unknown[] = Array.from(Reflect.get(entry, 'sources') ?? [], (source: object) => Reflect.get(source, 'node'))
      if (!moved.every(isTyped)) probe.moved.shift += Number(Reflect.get(entry, 'value'))
    }
  }).observe({ type: 'layout-shift' })
}
