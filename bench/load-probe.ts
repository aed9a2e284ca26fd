// Watches the real page from outside: when the example that was computed beforehand stood there, and when the model's own answer did.

export interface LoadProbe {
  /** Milliseconds since the start of the navigation; null until then. */
  example: number | null
  live: number | null
}

declare global {
  interface Window {
    loadProbe: LoadProbe
  }
}

/**
 * Installs `window.loadProbe`; runs in the page before its own scripts, so it must not use anything from outside.
 * An answer is on the page when its tokens and its heatmap are; it is the model's own when the model is ready and the answer
 * bears no mark of another origin.
 */
export function installLoadProbe(): void {
  const probe: LoadProbe = { example: null, live: null }
  window.loadProbe = probe
  const shows = (selector: string): boolean => document.querySelector(selector) !== null
  const look = (): 'example' | 'live' | null => {
    if (!shows('.side-a .token-strip button[data-index]') || !shows('.is-heatmap :is(.is-cells, .is-drawn-cells)')) return null
    if (shows('.side-a .note > .tag')) return 'example'
    return shows('.status-dot.is-ready') && !shows('.side-a[aria-busy="true"]') ? 'live' : null
  }
  const seen = new Set<'example' | 'live'>()
  new MutationObserver(() => {
    const found = look()
    if (found === null || seen.has(found)) return
    seen.add(found)
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => (probe[found] = performance.now())
      port2.postMessage(null)
    })
  }).observe(document, { subtree: true, childList: true, attributes: true })
}
