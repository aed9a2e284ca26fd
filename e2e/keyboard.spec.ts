// The whole journey without a mouse: everything is reached, the focus is always seen, and nothing holds it.
import { expect, type Page, test } from '@playwright/test'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'

test('type, change a token, choose a head, read a cell, open menus: all by keyboard', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  const press = (key: string): Promise<void> => page.keyboard.press(key)

  // The first stop skips to the charts.
  await press('Tab')
  await expect(app.button('Skip to the charts')).toBeFocused()
  await expectSeen(page)
  await press('Enter')
  await expect(page.getByRole('region', { name: 'Chart', exact: true })).toBeFocused()

  // Type.
  await tabTo(page, app.field(), 'Shift+Tab')
  await press('Control+a')
  await page.keyboard.type('This is not good.')
  await app.settled()

  // Walk the tokens, delete one, undo.
  await press('Tab')
  await expect(app.token(0)).toBeFocused()
  for (let i = 0; i < 3; i++) await press('ArrowRight')
  await expect(app.token(3)).toBeFocused()
  await expectSeen(page)
  await expect(app.token(3)).toHaveAccessibleName(/^not/)
  await press('End')
  await expect(app.token(6)).toBeFocused()
  await press('Home')
  await expect(app.token(0)).toBeFocused()
  for (let i = 0; i < 3; i++) await press('ArrowRight')
  await press('Delete')
  await expect.poll(() => app.tokenTexts()).toEqual(['[CLS]', 'This', 'is', 'good', '.', '[SEP]'])
  await app.settled()
  await expect(app.token(3)).toBeFocused()
  expect((await app.probabilities()).positive).toBeGreaterThan(0.9)
  await press('Control+z')
  await expect.poll(() => app.tokenTexts()).toContain('not')
  await app.settled()
  expect((await app.probabilities()).negative).toBeGreaterThan(0.9)
  await press('Control+Shift+z')
  await expect.poll(() => app.tokenTexts()).not.toContain('not')
  await press('Control+z')
  await app.settled()

  // Replace by key: the field takes the focus, Escape gives it back.
  await app.token(3).focus()
  await press('r')
  await expect(page.getByRole('textbox', { name: 'Replace with' })).toBeFocused()
  await press('Escape')
  await expect(page.getByRole('textbox', { name: 'Replace with' })).toHaveCount(0)
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
  await press('Escape')
  await expect(app.strip().getByRole('button', { pressed: true })).toHaveCount(0)

  // Walk the grid and choose a head.
  await tabTo(page, app.grid, 'Tab')
  await expectSeen(page)
  await press('Home')
  await press('ArrowDown')
  await press('ArrowRight')
  await press('Enter')
  await expect(app.head(2, 2)).toHaveAttribute('aria-selected', 'true')
  await expect(app.panes.first()).toHaveAccessibleName(/^Head 2\.2/)
  await press('ArrowRight')
  await press('Shift+Enter')
  await expect(app.head(2, 3)).toHaveAttribute('aria-selected', 'true')
  await expect(app.head(2, 2)).toHaveAttribute('aria-selected', 'true')
  await press('Enter')
  await expect(app.head(2, 2)).toHaveAttribute('aria-selected', 'false')

  // Walk the cells and hear the readout.
  await tabTo(page, app.heatmap(), 'Tab')
  await expectSeen(page)
  await press('Control+Home')
  await press('ArrowDown')
  await press('ArrowRight')
  const { cells } = await app.matrix()
  await expect(app.readout()).toHaveText(new RegExp(`This.*→.*This.*${cells[1]?.[1]}`))
  await press('End')
  await expect(app.readout()).toHaveText(new RegExp(`This.*→.*\\[SEP\\].*${cells[1]?.[6]}`))
  await press('Enter')
  await expect(app.inspector).toContainText('Attention from “This” to “[SEP]”')
  await expect(app.button('Clear the choice')).toBeVisible()
  await press('Escape')
  await expect(app.button('Clear the choice')).toHaveCount(0)

  // Menus and panels open, and Escape closes them and gives the focus back.
  for (const [name, role] of [
    [/^Examples$/, 'menu'],
    [/^Theme/, 'menu'],
    [/WASM/, 'dialog'],
    [/^About$/, 'dialog'],
  ] as const) {
    const opener = page.getByRole('button', { name })
    await opener.focus()
    await press('Enter')
    await expect(page.getByRole(role)).toBeVisible()
    await expectSeen(page)
    await press('Escape')
    await expect(page.getByRole(role)).toHaveCount(0)
    await expect(opener).toBeFocused()
  }
})

test('the focus walks through the whole page and out of it, and is seen at every stop @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive('a=Good.&b=~Bad.&p=all&t=a1')
  const stops: string[] = []
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab')
    const name = await page.evaluate(() => {
      const { activeElement } = document
      return activeElement === null || activeElement === document.body
        ? null
        : `${activeElement.tagName} ${activeElement.getAttribute('aria-label') ?? activeElement.textContent?.slice(0, 30)}`
    })
    if (name === null) break
    await expectSeen(page)
    stops.push(name)
  }
  // Out again: not held anywhere. Every part of the page was met on the way.
  expect(stops.length).toBeGreaterThan(25)
  expect(stops.length).toBeLessThan(80)
  for (const part of ['Skip', 'Sentence A', 'Sentence B', 'Good', 'Mask', 'Grid of', 'Attention heatmap', 'Next by change', 'Undo|Input 1'])
    expect(stops.join('\n')).toMatch(new RegExp(part))
})

/** Presses `key` until the element has the focus. */
async function tabTo(page: Page, target: ReturnType<Page['locator']>, key: 'Tab' | 'Shift+Tab'): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press(key)
    if (await target.evaluate((node) => node === document.activeElement)) return
  }
  await expect(target).toBeFocused()
}

/**
 * The focus is seen: an outline of the element (or of the box that stands for a hidden field), or, in a list, the item that
 * it is on looks unlike the others. A panel that has just opened is its own sign.
 */
async function expectSeen(page: Page): Promise<void> {
  const problem = await page.evaluate(() => {
    const node = document.activeElement
    if (node === null || node === document.body) return 'nothing has the focus'
    const name = `${node.tagName} ${node.getAttribute('role') ?? ''} ${node.getAttribute('aria-label') ?? node.textContent?.slice(0, 40)}`
    const large = (element: Element): boolean => element.getBoundingClientRect().width > 4
    const outlined = (element: Element): boolean => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return large(element) && outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
    }
    const stand = node instanceof HTMLInputElement ? Array.from(node.closest('label')?.querySelectorAll('*') ?? []) : []
    const active = document.getElementById(node.getAttribute('aria-activedescendant') ?? '')
    const item = active ?? (node.matches('[role^="menuitem"], [role="option"]') ? node : null)
    const ground = (element: Element): string => getComputedStyle(element).backgroundColor
    const others = Array.from(item?.parentElement?.children ?? []).filter((other) => other !== item)
    const stands = item !== null && large(item) && others.length > 0 && others.every((other) => ground(other) !== ground(item))
    if (!node.matches('[role="dialog"]') && ![node, ...stand].some(outlined) && !stands) return `${name}: its focus is not seen`
    const { top, bottom } = (active ?? node).getBoundingClientRect()
    return bottom > 0 && top < innerHeight ? '' : `${name}: out of sight`
  })
  expect(problem).toBe('')
}
