// Screens from a phone to a projector: nothing runs out of the page, nothing lies on its neighbour, touch works.
import { expect, type Page, test } from '@playwright/test'
import { InnerscopePage, THROUGH_FIELD } from './pages/innerscope-page.ts'
import { test as testOnSharedPage } from './pages/shared-page.ts'

const VIEW_WORDS = 'A long and winding, thoroughly unbelievable story about extraordinarily ordinary people.'

test.describe('a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })

  test('fits without scrolling sideways, and works by touch', async ({ page }) => {
    const app = new InnerscopePage(page)
    await app.openLive(`a=${encodeURIComponent(VIEW_WORDS)}`)
    await expectFits(page)
    const and = app.token(await app.indexOf('and'))
    await and.tap(THROUGH_FIELD)
    await expect(and).toHaveAttribute('aria-pressed', 'true')
    await expectFits(page)
    await app.tool('Delete').tap()
    await app.settled()
    expect(await app.tokenTexts()).not.toContain('and')
    await expectFits(page)
    await page.getByRole('radio', { name: 'Attention' }).tap()
    await app.grid.tap({ position: { x: 60, y: 60 } })
    await expect(app.grid.getByRole('option', { selected: true })).toHaveCount(1)
    await app.button('Compare').tap()
    await app.settled()
    await expectFits(page)
    await app.button('About').tap()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectFits(page)
  })
})

testOnSharedPage(
  'paper holds the model and the chart, and nothing that steers; in the reader’s own colours what is said by colour is there',
  async ({ page }) => {
    const app = new InnerscopePage(page)
    await app.openLive('v=attention&c=arcs')
    await page.emulateMedia({ media: 'print' })
    await expect(app.modelChip).toBeVisible()
    await expect(page.locator('figure').first()).toBeVisible()
    await expect(page.getByRole('radio').filter({ visible: true })).toHaveCount(0)
    await expect(page.getByText(/^(Tint|Colour by)$/).filter({ visible: true })).toHaveCount(0)

    await page.emulateMedia({ media: 'screen', forcedColors: 'active' })
    const groundOf = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((node) => getComputedStyle(node).backgroundColor)
    expect(await groundOf('.ui-slider-thumb')).not.toBe(await groundOf('body'))
    expect(await groundOf('.status-dot')).not.toBe(await groundOf('body'))
    await page.getByRole('radio', { name: 'What if' }).click()
    await expect(page.locator('.edit-row').first()).toBeVisible()
    expect(await groundOf('.edit-bar > span')).not.toBe(await groundOf('body'))
  },
)

testOnSharedPage(
  'nothing lies on its neighbour, from a small window to a projector, in light and dark, and in presentation size @full',
  async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    const app = new InnerscopePage(page)
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    await app.openLive(`a=${encodeURIComponent(VIEW_WORDS)}&ea=m4&t=a5&p=all`)
    const light = await ground()
    for (const [name, width, height] of [
      ['a small window', 640, 700],
      ['a laptop', 1280, 800],
      ['a projector', 1920, 1080],
    ] as const) {
      await test.step(name, async () => {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme: 'light' })
        await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
        expect(await ground()).toBe(light)
        await expectFits(page)
        await page.emulateMedia({ colorScheme: 'dark' })
        await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
        expect(await ground()).not.toBe(light)
        await expectFits(page)
      })
    }
    // The reader's own choice holds against the system's.
    await app.menu(/^Theme/, 'Light')
    await expect.poll(ground).toBe(light)
    // Less motion is asked for: nothing moves.
    expect(await page.evaluate(moving)).toEqual([])

    await test.step('presentation size', async () => {
      await page.setViewportSize({ width: 1280, height: 800 })
      const size = (): Promise<number> => app.token(1).evaluate((token) => Number.parseFloat(getComputedStyle(token).fontSize))
      const normal = await size()
      await app.button('Stage').click()
      await expect.poll(size).toBeGreaterThan(1.2 * normal)
      await expectFits(page)
      await app.choose('story')
      await expectFits(page)
      await app.button('Leave the stage').click()
      await expect.poll(size).toBe(normal)
    })
  },
)

/** No sideways scrolling of the page, nothing cut off by its edge, and nothing in the sentence's area on its neighbour. */
async function expectFits(page: Page): Promise<void> {
  const problems = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const found: string[] = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide on ${clientWidth}`] : []
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').trim().slice(0, 20)}"`
    const seen = (element: Element): boolean => {
      const { width, height } = element.getBoundingClientRect()
      return (
        width > 1 && height > 1 && getComputedStyle(element).visibility === 'visible' && element.checkVisibility({ opacityProperty: true })
      )
    }
    const area = Array.from(document.querySelectorAll('header, main > section')).filter(seen)
    for (const part of area) {
      // Parts of one parent stand beside or below each other.
      const parents = [part, ...part.querySelectorAll('*')].filter((parent) => !parent.closest('svg, .is-chart'))
      for (const parent of parents) {
        const children = Array.from(parent.children).filter((child) => seen(child) && getComputedStyle(child).position !== 'absolute')
        for (const child of children) {
          const box = child.getBoundingClientRect()
          if (box.right > clientWidth + 1 || box.left < -1) found.push(`${nameOf(child)} runs out of the page`)
        }
        for (const [i, one] of children.entries()) {
          const a = one.getBoundingClientRect()
          for (const other of children.slice(i + 1)) {
            const b = other.getBoundingClientRect()
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
            if (across > 1 && down > 1 && getComputedStyle(one).display !== 'inline' && getComputedStyle(other).display !== 'inline')
              found.push(`${nameOf(one)} lies on ${nameOf(other)}`)
          }
        }
      }
    }
    return found
  })
  expect(problems).toEqual([])
}

/** In the page: what a transition or an animation would move. */
function moving(): readonly string[] {
  return Array.from(document.querySelectorAll('button, [role="radio"], textarea, .is-chart *'), (element) => {
    const { transitionDuration, animationName, animationDuration } = getComputedStyle(element)
    const long = transitionDuration.split(',').some((time) => Number.parseFloat(time) > 0.01)
    return long || (animationName !== 'none' && Number.parseFloat(animationDuration) > 0.01) ? element.getAttribute('class') : null
  }).filter((name) => name !== null)
}
