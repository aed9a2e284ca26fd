// Watches the real page from outside: when a key was pressed, and when the heatmap of the text it made had been drawn.

export interface Keystroke {
  readonly text: string
  /** When the key was pressed, and when its input event was made; milliseconds of the page's clock. */
  readonly pressed: number
  readonly typed: number
  /** The frame after the heatmap of this text, or of a newer one, was drawn; null until then. */
  drawn: number | null
  /** Rows of that heatmap. */
  tokens: number
}

export interface LongTask {
  readonly start: number
  readonly duration: number
}

export interface TypingProbe {
  readonly keys: Keystroke[]
  readonly longTasks: LongTask[]
  /** Text of the tokens on screen, without white space. */
  shown: string
}

declare global {
  interface Window {
    typingProbe: TypingProbe
  }
}

/**
 * Installs `window.typingProbe`, behind `installPageWatch`; runs in the page before its own scripts, so it must not use anything from outside.
 * The token strip and the heatmap come from one answer and are drawn together: a heatmap drawn while the strip spells a
 * text, with as many rows as the strip has tokens, is the heatmap of that text.
 */
export function installTypingProbe(): void {
  const probe: TypingProbe = { keys: [], longTasks: [], shown: '' }
  window.typingProbe = probe
  const { onKey, afterFrame, bare } = window.pageWatch
  onKey((text, pressed, typed) => void probe.keys.push({ text, pressed, typed, drawn: null, tokens: 0 }))
  const onHeatmap = (): void => {
    const tokens = [...document.querySelectorAll('.side-a [data-index]:not(.is-special)')]
    const special = document.querySelectorAll('.side-a [data-index].is-special').length
    const rows = Number(document.querySelector('.is-heatmap :is(.is-cells, .is-drawn-cells)')?.getAttribute('data-shape')?.split(',')[0])
    if (rows !== tokens.length + special) return
    probe.shown = bare(tokens.map((token) => token.firstChild?.textContent ?? '').join(''))
    const newest = probe.keys.findLastIndex(({ text }) => bare(text) === probe.shown)
    const drawn = probe.keys.slice(0, newest + 1).filter((key) => key.drawn === null)
    if (drawn.length === 0) return
    afterFrame((time) => {
      for (const key of drawn) {
        key.drawn ??= time
        key.tokens = rows
      }
    })
  }
  const isCell = ({ target }: MutationRecord): boolean =>
    target instanceof Element && target.closest('.is-heatmap :is(.is-cells, .is-drawn-cells)') !== null
  new MutationObserver((records) => {
    if (records.some(isCell)) onHeatmap()
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['fill', 'data-shape', 'width'] })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) probe.longTasks.push({ start: startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
}
