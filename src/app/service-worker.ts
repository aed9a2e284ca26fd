/** Set for the tab once it was reloaded for isolation, so that a browser which cannot isolate is not reloaded for ever. */
const RELOADED = 'innerscope-reloaded'

/**
 * Registers the service worker in built pages: it serves the page offline and, on hosts that send no headers, isolates it,
 * so that threads work. That takes one reload at the first visit; what was typed stands in the address and survives it.
 * Without a service worker (an insecure page, a private window) everything else works.
 */
export async function registerServiceWorker(page: Window & typeof globalThis): Promise<void> {
  const workers = page.navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (!import.meta.env.PROD || !workers) return
  try {
    await workers.register('./sw.js')
    await workers.ready
    if (page.crossOriginIsolated || page.sessionStorage.getItem(RELOADED) !== null) return
    page.sessionStorage.setItem(RELOADED, '')
    page.location.reload()
  } catch {
    // Refused by the browser or the host: the page stays as it is.
  }
}
