// The address follows the settings after a pause, and a reload goes to the address as it stood when it began: what changed
// in between is kept for the tab.

const LAST_LINK = 'innerscope-last-link'

/** Puts the link that the page had when it was left into the address, when this is a reload. Before the address is read. */
export function restoreLastLink(page: Window & typeof globalThis): void {
  const [navigation] = page.performance.getEntriesByType('navigation')
  if (!(navigation instanceof page.PerformanceNavigationTiming) || navigation.type !== 'reload') return
  try {
    const link = page.sessionStorage.getItem(LAST_LINK)
    if (link !== null) page.history.replaceState(null, '', link)
  } catch {
    // No storage, or a link of another address: the address stays as it is.
  }
}

/** Keeps the present link when the page is left. */
export function keepLastLink(page: Window, link: () => string): void {
  page.addEventListener('pagehide', () => {
    try {
      page.sessionStorage.setItem(LAST_LINK, link())
    } catch {
      // A full or forbidden storage: the address holds all but the last moment.
    }
  })
}
