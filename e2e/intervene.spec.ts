// Parts of a model are switched off and patched: the answer follows, and the numbers are those of the command.

import { execFileSync } from 'node:child_process'
import { AxeBuilder } from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'
import { test } from './pages/shared-page.ts'

const TEXT = 'The film is not bad at all.'
const OTHER = 'The film was not good at all.'

/** What the command answers. */
function asked(...args: readonly string[]) {
  const command = ['tools/run-ts.mjs', 'tools/explain.ts', '--model', 'public/models/minilm-sst2', '--text', TEXT, ...args, '--json']
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).result
}

/** A number as the page writes it. */
const read = (text: string | null): number => Number((text ?? '').replace('−', '-').replace('+', ''))

test('a head is switched off, and the answer follows', async ({ page }) => {
  test.setTimeout(180_000)
  const app = new InnerscopePage(page)
  await app.openLive(`lv=2&v=intervene&a=${encodeURIComponent(TEXT)}`)
  const room = page.getByRole('region', { name: 'Intervene', exact: true })
  const grid = room.getByRole('grid', { name: 'Heads and blocks by layer' })
  const measured = room.getByRole('row', { name: /logit of “positive”/ }).getByRole('cell')
  const { off, untouched } = asked('--ablate', 'zero')

  await test.step('the map has what every part does, as the command says', async () => {
    await expect(grid.getByRole('gridcell')).toHaveCount(14 * 6)
    await expect(room.getByText('Does the verdict depend on the kind?')).toBeVisible({ timeout: 90_000 })
    for (const [layer, head] of [
      [1, 7],
      [3, 9],
      [5, 6],
    ] as const) {
      const name = await grid.locator(`[data-cell="${head}.${layer}"]`).getAttribute('aria-label')
      const effect = read(/ ([+−]?[\d.]+)$/.exec(name ?? '')?.[1] ?? null)
      expect(Math.abs(effect - (untouched - off.heads[layer][head]))).toBeLessThan(0.002)
    }
  })
  await test.step('untouched, nothing has changed', async () => {
    expect(read(await measured.nth(0).textContent())).toBeCloseTo(untouched, 2)
    await expect(measured.nth(2)).toHaveText('0.000')
  })
  await test.step('a cell switches its head off: the difference is the command’s', async () => {
    await grid.locator('[data-cell="7.1"]').click()
    await expect(grid.locator('[data-cell="7.1"]')).toHaveAttribute('aria-selected', 'true')
    await expect(measured.nth(2)).not.toHaveText('0.000')
    const difference = read(await measured.nth(2).textContent())
    expect(Math.abs(difference - (off.heads[1][7] - untouched))).toBeLessThan(0.002)
  })
  await test.step('the strongest that is left follows, and each step is taken back', async () => {
    await room.getByRole('button', { name: 'Switch off the strongest' }).click()
    const parts = room.getByRole('region', { name: 'Switched off or scaled' })
    await expect(parts.getByRole('listitem')).toHaveCount(2)
    await parts.getByRole('button', { name: 'Undo' }).click()
    await expect(parts.getByRole('listitem')).toHaveCount(1)
    await app.select('Head 2.8', '50%')
    await expect(page).toHaveURL(/ig=2\.8(:|%3A)50/)
    await parts.getByRole('button', { name: 'All on' }).click()
    await expect(measured.nth(2)).toHaveText('0.000')
  })
  await test.step('axe finds no fault', async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']
    const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  })
  await test.step('the keyboard walks and switches', async () => {
    await grid.locator('[data-cell="0.0"]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(grid.locator('[data-cell="1.0"]')).toHaveAttribute('aria-selected', 'true')
  })
})

test('activations are patched from one text into the other; texts that do not fit are refused in a sentence @full', async ({ page }) => {
  test.setTimeout(180_000)
  const app = new InnerscopePage(page)
  await app.openLive(`lv=2&v=intervene&iv=patch&a=${encodeURIComponent(TEXT)}&b=~${encodeURIComponent(OTHER)}`)
  const room = page.getByRole('region', { name: 'Intervene', exact: true })
  const strongest = room.getByRole('region', { name: 'Strongest: share restored' }).getByRole('listitem')
  const { shares, a, b } = asked('--text-b', OTHER, '--patch', 'residual')
  await expect(room.getByText(/Patching: /)).toHaveCount(0, { timeout: 90_000 })
  await test.step('the shares are the command’s', async () => {
    const [, clean = null, corrupt = null] =
      /: ([+−][\d.]+) in A, ([+−][\d.]+) in B/.exec((await room.locator('.patch-frame').textContent()) ?? '') ?? []
    expect([read(clean), read(corrupt)].map((number) => number.toFixed(2))).toEqual([a.toFixed(2), b.toFixed(2)])
    await expect(strongest).toHaveCount(8)
    await expect(strongest.first()).toContainText('layer 1, “bad”')
    const share = read(/([+−][\d.]+) \(/.exec((await strongest.first().textContent()) ?? '')?.[1] ?? null)
    expect(Math.abs(share - Math.max(...shares.flat()))).toBeLessThan(0.002)
  })
  await test.step('the other direction has numbers of its own', async () => {
    await room.getByRole('radio', { name: 'B into A (noising)' }).click()
    await expect(room.getByRole('region', { name: 'Strongest: share taken away' }).getByRole('listitem')).toHaveCount(8, {
      timeout: 60_000,
    })
  })
  await test.step('a text of another length is refused', async () => {
    await app.openLive(`lv=2&v=intervene&iv=patch&a=${encodeURIComponent(TEXT)}&b=~Awful.`)
    await expect(room.getByText(/A has 10 tokens and B has 4\. .* change B until it has as many/)).toBeVisible({ timeout: 60_000 })
  })
  await test.step('without a second text the page says what is needed', async () => {
    await app.openLive(`lv=2&v=intervene&iv=patch&vs=none&a=${encodeURIComponent(TEXT)}`)
    await expect(room.getByText(/Patching needs a second text/)).toBeVisible()
  })
})
