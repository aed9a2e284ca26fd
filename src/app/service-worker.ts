/**
 * Registers the service worker in built pages: it serves the page offline and isolates it, so that threads work, on hosts
 * that send no headers. Without it (an insecure page, a private window) everything else works.
 */
export function registerServiceWorker(page: Window): void {
  if (!import.meta.env.PROD || !('serviceWorker' in page.navigator)) return
  const register = (): void => void page.navigator.serviceWorker.register('./sw.js').catch(() => undefined)
  if (page.document.readyState === 'complete') register()
  else page.addEventListener('load', register, { once: true })
}
