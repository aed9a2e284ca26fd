import type { AppStore } from '#state/store'

/** Sets `data-theme` on the document: what the reader chose, else what the system says, now and when it changes. */
export function followTheme(store: AppStore, page: Window): void {
  const dark = page.matchMedia('(prefers-color-scheme: dark)')
  const apply = (): void => {
    const { theme } = store.getState().settings
    const wanted = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
    const { dataset } = page.document.documentElement
    // Written with the same value, too, an attribute makes the browser compute every style again.
    if (dataset.theme !== wanted) dataset.theme = wanted
  }
  apply()
  store.subscribe(apply)
  dark.addEventListener('change', apply)
}
