// A second sentence: its own prediction, panes of A, B and the difference, side by side, aligned, swapped and taken away.
import { expect } from '@playwright/test'
import { ATTENTION, InnerscopePage, numberOf } from './pages/innerscope-page.ts'
import { test } from './pages/shared-page.ts'

test('two sentences stand side by side, aligned, can be swapped and taken away; an example brings both', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  await app.button('Compare').click()
  await expect(app.field('B')).toHaveValue('The film is not bad at all.')
  await app.settled()
  await expect(page.getByText('The two inputs are the same: no head changes.')).toBeVisible()

  await app.type('The film is bad at all.', 'B')
  const [a, b] = [await app.probabilities('A'), await app.probabilities('B')]
  expect(a.positive).toBeGreaterThan(0.9)
  expect(b.negative).toBeGreaterThan(0.9)
  // A's change is against B.
  expect(await app.comparedProbabilities('A')).toEqual(b)
  // The token that only A has is a ghost in B and marked in A.
  await expect(app.strip('B').locator('del')).toHaveText('not')

  // Typed, B is seen; left alone, both are one line, on which every word can be clicked to type in its side.
  const line = page.locator('.diff-line')
  await expect(line).toBeHidden()
  await app.field('B').blur()
  await expect(line).toBeVisible()
  await expect(line).toContainText(/The film is only in A: not.* bad.* at all\./)
  await expect(line.locator('.is-only-a .diff-words')).toHaveCSS('text-decoration-line', 'line-through')
  await line.locator('.is-only-a .token').click()
  await expect(app.field('A')).toBeFocused()
  await expect(app.tool('Mask')).toBeVisible()
  await page.keyboard.type(' very')
  await expect(app.field('A')).toHaveValue('The film is not very bad at all.')
  await app.type('The film is not bad at all.', 'A')
  await app.field('A').blur()

  // All three panes have the same columns; B's missing token is a gap in it.
  await app.showPane('Side by side')
  await expect(app.panes).toHaveCount(3)
  const shown = [await app.matrix(0), await app.matrix(1), await app.matrix(2)]
  const columns = ['[CLS]', 'The', 'film', 'is', 'not', 'bad', 'at', 'all', '.', '[SEP]']
  expect(shown[0]?.columns).toEqual(columns)
  expect(shown[1]?.columns).toHaveLength(10)
  expect(shown[2]?.columns).toHaveLength(10)
  const gap = 'no such token on the other side'
  expect(shown[0]?.cells[4]).not.toContain(gap)
  expect(new Set(shown[1]?.cells[4])).toEqual(new Set([gap]))
  expect(new Set(shown[2]?.cells[4])).toEqual(new Set([gap]))
  expect(numberOf(shown[2]?.cells[5]?.[0])).toBeCloseTo(numberOf(shown[0]?.cells[5]?.[0]) - numberOf(shown[1]?.cells[5]?.[0]), 2)
  // One choice holds for all panes.
  await app.chooseHead(5, 2)
  for (const pane of [0, 1, 2]) await expect(app.panes.nth(pane)).toHaveAccessibleName(/^Head 5\.2/)
  await app.chooseCell(5, 5, 0)
  await expect(app.inspector).toContainText('Attention from “bad” to “bad”')

  await app.showPane('B')
  await expect(app.panes).toHaveCount(1)
  await expect.poll(async () => (await app.matrix()).columns).toEqual(columns.filter((column) => column !== 'not'))
  await app.showPane('A')
  await expect.poll(async () => (await app.matrix()).columns).toEqual(columns)

  await app.button('Swap A and B').click()
  await app.settled()
  await expect(app.field('A')).toHaveValue('The film is bad at all.')
  await expect(app.field('B')).toHaveValue('The film is not bad at all.')
  expect(await app.probabilities('A')).toEqual(b)
  expect(await app.probabilities('B')).toEqual(a)

  await app.button('Remove sentence B').click()
  await expect(app.field('B')).toHaveCount(0)
  await app.settled()
  expect(await app.probabilities()).toEqual(b)

  // An example brings both its sentences, and B is edited like A.
  await app.menu('Examples', /^But/)
  await app.settled()
  await expect(app.field('A')).toHaveValue('The plot is thin, but the acting is superb.')
  await expect(app.field('B')).toHaveValue('The acting is superb, but the plot is thin.')
  const before = await app.logits('B')
  await app.choose('superb', 'B')
  await app.tool('Mask').click()
  await app.settled()
  expect(await app.tokenTexts('B')).toContain('[MASK]')
  expect(await app.tokenTexts('A')).not.toContain('[MASK]')
  expect(await app.logits('B')).not.toEqual(before)
  await app.button('Undo').click()
  await app.settled()
  expect(await app.logits('B')).toEqual(before)
})
