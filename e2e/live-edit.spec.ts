// Typing and changing tokens: newest wins, every edit shows its difference, and the numbers are the model's.
import { expect, test } from '@playwright/test'
import reference from '../fixtures/minilm-reference.json' with { type: 'json' }
import { ATTENTION, InnerscopePage, numberOf, softmax, THROUGH_FIELD } from './pages/innerscope-page.ts'
import { test as testOnSharedPage } from './pages/shared-page.ts'

/** What the page shows at one moment. */
interface Sample {
  readonly busy: boolean
  readonly text: string
  readonly tokens: string
  readonly columns: string
  readonly numbers: string
}

testOnSharedPage('while typing, tokens, numbers and chart always belong together, and the last text wins', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  await app.field().fill('')
  await app.settled()
  await page.evaluate(watch)
  // Short enough for the chart's table to hold the whole matrix.
  const last = 'A clumsy and lifeless mess.'
  await app.field().pressSequentially(last.slice(0, 8), { delay: 15 })
  // However slow the machine, there is one answer on the way.
  await app.settled()
  await app.field().pressSequentially(last.slice(8), { delay: 15 })
  await app.settled()
  const samples = await page.evaluate((): Sample[] => Reflect.get(window, 'samples'))

  // At rest the answer is that of the text in the field.
  const atRest = samples.filter(({ busy }) => !busy)
  expect(atRest.length).toBeGreaterThan(0)
  const bare = (text: string): string => text.replace(/\[CLS\]|\[SEP\]|\s/g, '')
  for (const { text, tokens, columns } of atRest) {
    expect(bare(tokens)).toBe(bare(text))
    expect(columns).toBe(tokens)
  }
  // Under way chart and numbers may be an older text's, but always of one and the same; the sentence shows what is typed.
  const answers = new Map<string, string>()
  for (const { columns, numbers } of samples) {
    expect(answers.get(columns) ?? numbers).toBe(numbers)
    answers.set(columns, numbers)
  }
  expect((await app.tokenTexts()).join(' ')).toBe('[CLS] A clumsy and lifeless mess . [SEP]')
  expect((await app.probabilities()).negative).toBeGreaterThan(0.95)

  // Each answer shown on the way is what the model says when that text stands alone.
  const passing = [...answers].filter(([tokens]) => tokens !== samples.at(-1)?.columns).slice(-3)
  expect(passing.length).toBeGreaterThan(0)
  for (const [tokens, numbers] of passing) {
    // What was typed by then, though an answer may have come when more was.
    const text = Array.from(last, (_, length) => last.slice(0, length)).find((start) => bare(start) === bare(tokens))
    expect(text, `a text cut into ${tokens}`).toBeDefined()
    await app.type(text ?? '')
    expect(Object.values(await app.logits()).join(' ')).toBe(numbers)
  }
})

testOnSharedPage('every edit works by the toolbar and by the keyboard, and can be undone @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  const words = async (): Promise<string> => (await app.tokenTexts()).slice(1, -1).join(' ')
  const plain = 'The film is not bad at all .'
  const expectWords = (wanted: string) => expect.poll(words).toBe(wanted)
  const undo = async (): Promise<void> => {
    await app.button('Undo').click()
    await expectWords(plain)
  }
  const byTool: readonly (readonly [Parameters<typeof app.tool>[0], string])[] = [
    ['Mask', 'The film is [MASK] bad at all .'],
    ['Delete', 'The film is bad at all .'],
    ['Duplicate', 'The film is not not bad at all .'],
    ['Swap with next', 'The film is bad not at all .'],
  ]
  const byKey: readonly (readonly [string, string])[] = [
    ['m', 'The film is [MASK] bad at all .'],
    ['Delete', 'The film is bad at all .'],
    ['Backspace', 'The film is bad at all .'],
    ['d', 'The film is not not bad at all .'],
    ['Alt+ArrowRight', 'The film is bad not at all .'],
    ['Alt+ArrowLeft', 'The film not is bad at all .'],
  ]
  for (const [tool, wanted] of byTool) {
    await app.choose('not')
    await app.tool(tool).click()
    await expectWords(wanted)
    await undo()
  }
  for (const [key, wanted] of byKey) {
    await app.token(4).focus()
    await page.keyboard.press(key)
    await expectWords(wanted)
    await undo()
  }
  // Replacing takes a typed word, which may be cut into pieces.
  await app.choose('not')
  await app.tool('Replace').click()
  await page.getByRole('textbox', { name: 'Replace with' }).fill('outstandingly')
  await app.button('Apply').click()
  await expect.poll(words).toMatch(/^The film is outstanding(ly)?/)
  await undo()
  await app.token(4).focus()
  await page.keyboard.press('r')
  await page.keyboard.type('very')
  await page.keyboard.press('Enter')
  await expectWords('The film is very bad at all .')
  await app.settled()
  expect((await app.probabilities()).negative).toBeGreaterThan(0.9)
  // Tokens of the template stay.
  await app.choose('[CLS]')
  await expect(page.getByText('“[CLS]” was added by the model’s template')).toBeVisible()
})

test('an edit shows what it changed, history goes back, and the answers after masking and deleting are those of the reference', async ({
  page,
}) => {
  const [item] = reference.items
  if (!item) throw new Error('the reference has no sentence')
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  const [before, whole] = [await app.probabilities(), await app.matrix()]
  await app.choose('not')
  await app.tool('Delete').click()
  await app.settled()

  // The prediction, with its change.
  const after = await app.probabilities()
  expect(await app.comparedProbabilities()).toEqual(before)
  const change = after.negative - before.negative
  expect(change).toBeGreaterThan(0.9)
  await expect(
    app
      .side()
      .getByRole('img', { name: /^Prediction/ })
      .first(),
  ).toContainText(`+${change.toFixed(3)}`)
  // What is gone stays as a ghost.
  await expect(app.strip().locator('del')).toHaveText('not')

  // The chosen head: the difference of the two runs, with the deleted token as a gap.
  await expect(app.radio('What the charts show', 'Difference')).toBeChecked()
  await expect.poll(async () => (await app.matrix()).columns.length).toBe(10)
  const difference = await app.matrix()
  const gap = difference.columns.indexOf('not')
  expect(gap).toBe(4)
  expect(difference.cells[gap]).toEqual(Array.from({ length: 10 }, () => 'no such token on the other side'))
  await app.showPane('Now')
  await expect.poll(async () => (await app.matrix()).columns.length).toBe(9)
  const now = await app.matrix()
  for (const [row, column] of [
    [5, 5],
    [6, 0],
    [9, 8],
  ] as const) {
    const [r, c] = [row > gap ? row - 1 : row, column > gap ? column - 1 : column]
    expect(numberOf(difference.cells[row]?.[column])).toBeCloseTo(numberOf(now.cells[r]?.[c]) - numberOf(whole.cells[row]?.[column]), 2)
  }
  await app.showPane('Difference')
  await expect(page.getByText('difference of attention probability').first()).toBeVisible()

  // Every head, and those that changed most first.
  await app.select('Order by', 'change')
  const ranked = await app.ranking
    .getByRole('option')
    .evaluateAll((options) => options.map((option) => option.getAttribute('aria-label') ?? ''))
  expect(ranked.length).toBe(6)
  const [, layer, head] = /^Layer (\d+), head (\d+), \d+\.\d% moved, most of all [+−]\d\.\d{3} \S+ → \S+$/.exec(ranked[0] ?? '') ?? []
  const moved = ranked.map((name) => Number.parseFloat(/[\d.]+(?=%)/.exec(name)?.[0] ?? ''))
  expect(moved[5]).toBeGreaterThan(0)
  expect(moved).toEqual([...moved].sort((one, other) => other - one))
  await app.ranking.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(app.panes.first()).toHaveAccessibleName(new RegExp(`^Head ${layer}\\.${head} `))

  // Back and forth.
  await expect(app.historyDots).toHaveCount(2)
  await app.button('Undo').click()
  await app.settled()
  expect(await app.probabilities()).toEqual(before)
  await app.button('Redo').click()
  await app.settled()
  expect(await app.probabilities()).toEqual(after)
  await app.historyDots.first().click()
  await app.settled()
  expect(await app.probabilities()).toEqual(before)
  await expect(app.historyDots.first()).toHaveAttribute('aria-current', 'step')

  // Masked and deleted: the reference's numbers.
  await expect(app.field()).toHaveValue(item.text)
  const expectLogits = async (data: readonly number[], at: number): Promise<void> => {
    const wanted = data.slice(2 * at, 2 * at + 2)
    await expect.poll(() => app.logits().then(({ positive }) => positive)).toBeCloseTo(wanted[1] ?? Number.NaN, 3)
    expect((await app.logits()).negative).toBeCloseTo(wanted[0] ?? Number.NaN, 3)
    expect((await app.probabilities()).positive).toBeCloseTo(softmax(wanted).positive, 3)
  }
  await expectLogits(item.logits.data, 0)
  for (const [tool, data] of [
    ['Mask', item.logits_with_token_masked.data],
    ['Delete', item.logits_with_token_deleted.data],
  ] as const) {
    for (const at of tool === 'Mask' ? [4, 5] : [1, 8]) {
      await app.token(at).click(THROUGH_FIELD)
      await app.tool(tool).click()
      await app.settled()
      await expectLogits(data, at)
      await app.button('Restore the text').click()
      await app.settled()
    }
  }
  await expectLogits(item.logits.data, 0)
})

/** In the page: looks at every frame. */
function watch(): void {
  const samples: Sample[] = []
  Object.assign(window, { samples })
  const texts = (selector: string): string => Array.from(document.querySelectorAll(selector), (node) => node.textContent).join(' ')
  const look = (): void => {
    const side = document.querySelector('[aria-busy]')
    const labels = Array.from(document.querySelectorAll('[role="toolbar"] [data-index]'), (node) => node.getAttribute('aria-label') ?? '')
    samples.push({
      busy: side?.getAttribute('aria-busy') === 'true',
      text: document.querySelector('textarea')?.value ?? '',
      tokens: labels.map((label) => label.replace(/, [+−]?[\d.]+%?$/, '')).join(' '),
      columns: texts('figure thead th:not(:first-child)'),
      // The second table of the prediction is that of the logits.
      numbers: Array.from(side?.querySelectorAll('table')[1]?.querySelectorAll('tbody tr') ?? [], (row) =>
        Number(row.querySelector('td')?.textContent?.replace('−', '-')),
      ).join(' '),
    })
    requestAnimationFrame(look)
  }
  look()
}
