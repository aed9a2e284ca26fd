// Live pages for the journeys that begin with a link and leave no preference behind: starting a model takes longer than most of them.
import { test as base, type Page } from '@playwright/test'

const VIEWPORT = { width: 1280, height: 720 }

function onSharedPage() {
  return base.extend<object, { readonly shared: Page }>({
    shared: [
      async ({ browser }, use) => {
        const context = await browser.newContext({ baseURL: `http://127.0.0.1:${process.env.INNERSCOPE_E2E_PORT}/`, viewport: VIEWPORT })
        await use(await context.newPage())
        await context.close()
      },
      { scope: 'worker' },
    ],
    /** As a new one, but for the model that runs: the journey's own link is opened as one that is pasted into the bar. */
    page: async ({ shared }, use) => {
      await shared.setViewportSize(VIEWPORT)
      await shared.emulateMedia({ media: null, colorScheme: null, reducedMotion: null, forcedColors: null })
      await shared.mouse.move(0, 0)
      await use(shared)
      await shared.keyboard.press('Escape')
    },
  })
}

/** With the small classifier. */
export const test = onSharedPage()

/** With the small language model: its links name it. */
export const testOnLargePage = onSharedPage()
