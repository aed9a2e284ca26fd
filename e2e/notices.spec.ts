// What only confirms goes by itself and covers nothing that is read; what went wrong stays until it is put away.
import { expect, test } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'

test('“Link copied” stands in the history bar for a moment, wide and narrow @full', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const app = new InnerscopePage(page)
  for (const viewport of [
    { width: 1366, height: 768 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(viewport)
    await app.open(`nonsense${viewport.width}`)
    await page.getByRole('button', { name: 'Copy a link to this view' }).click()
    const copied = page.getByText('Link copied.', { exact: true })
    await expect(copied).toBeVisible()
    const [notice, bar] = [await copied.boundingBox(), await page.getByRole('navigation', { name: 'History of inputs' }).boundingBox()]
    if (notice === null || bar === null) throw new Error('not on screen')
    expect(notice.y).toBeGreaterThanOrEqual(bar.y)
    expect(notice.y + notice.height).toBeLessThanOrEqual(bar.y + bar.height)
    await expect(copied).toHaveCount(0, { timeout: 15_000 })
    // The damaged part of the link is still told, above the sentence and not over it.
    const told = await app.notice('Part of the link could not be read').boundingBox()
    const main = await page.getByRole('main').boundingBox()
    expect((told?.y ?? 0) + (told?.height ?? 0)).toBeLessThanOrEqual(main?.y ?? 0)
    await app.button('Dismiss').click()
    await expect(app.notice('Part of the link could not be read')).toHaveCount(0)
  }
})
