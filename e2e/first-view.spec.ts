// The first view: explorable before the model has arrived, live without a jump once it has, stoppable meanwhile.
import { expect, test } from '@playwright/test'
import { gate, heldAfter, MODEL_FILE, startFaultyHost } from './pages/faulty-host.ts'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'

test('the example is explorable while the model is held back, and turns live without a jump', async ({ page, baseURL }) => {
  const model = gate()
  const host = await startFaultyHost(baseURL ?? '', { path: MODEL_FILE, before: () => model.opened })
  const app = new InnerscopePage(page)
  try {
    await app.open(ATTENTION, host.url)
    await expect(app.precomputedTag).toBeVisible()
    await expect(app.modelChip).toContainText('Loading')
    expect(await app.tokenTexts()).toEqual(['[CLS]', 'The', 'film', 'is', 'not', 'bad', 'at', 'all', '.', '[SEP]'])

    await app.chooseHead(4, 7)
    await expect(app.panes).toHaveAccessibleName(/Head 4\.7/)
    await app.showChart('Flow')
    await expect(app.panes.getByRole('listbox', { name: 'query', exact: true })).toBeVisible()
    await app.showChart('Heatmap')
    await app.chooseCell(5, 4)
    await expect(app.inspector).toContainText('Attention from “bad” to “not”')
    await app.choose('bad')
    await app.showChart('One token')
    await expect(app.panes.getByRole('application', { name: 'bad as query: attends to' })).toBeVisible()
    await app.showChart('Heatmap')
    await expect(app.readout()).toBeVisible()

    const before = await seen(app)
    expect(before.probabilities.positive).toBeGreaterThan(0.9)
    await page.evaluate(() => {
      const shifts: number[] = []
      Object.assign(window, { shifts })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push(Reflect.get(entry, 'value'))
      }).observe({ type: 'layout-shift', buffered: false })
    })
    model.open()
    await app.live()
    const after = await seen(app)
    expect(after.strip).toEqual(before.strip)
    expect(after.tokens).toEqual(before.tokens)
    expect(after.chosen).toBe('bad')
    expect(after.chosen).toBe(before.chosen)
    expect(after.probabilities.positive).toBeCloseTo(before.probabilities.positive, 2)
    expect(after.logits.positive).toBeCloseTo(before.logits.positive, 2)
    await expect(app.head(4, 7)).toHaveAttribute('aria-selected', 'true')
    const cells = (all: typeof before): readonly number[] => all.matrix.cells.flat().map(Number)
    expect([cells(before).length, cells(after).length]).toEqual([100, 100])
    for (const [i, value] of cells(after).entries()) expect(value).toBeCloseTo(cells(before)[i] ?? Number.NaN, 2)
    const shifts = await page.evaluate((): number[] => Reflect.get(window, 'shifts'))
    expect(shifts.filter((shift) => shift > 0.005)).toEqual([])
  } finally {
    await host.close()
  }
})

test('bytes are counted, loading stops and starts again, and what was typed is kept @full', async ({ page, baseURL }) => {
  const rest = gate()
  const host = await startFaultyHost(baseURL ?? '', { path: MODEL_FILE, through: () => heldAfter(8_000_000, rest.opened) })
  const app = new InnerscopePage(page)
  try {
    await app.open(ATTENTION, host.url)
    const bar = page.getByRole('progressbar', { name: 'Loading the model' })
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5)
    await expect(page.getByText(/Loading the model · \d+(\.\d)? MB of 24\.1 MB/)).toBeVisible()
    await app.field().fill('A dull film, sadly.')
    await expect(page.getByText('Waits for the model…')).toBeVisible()
    await app.button('Stop loading').click()
    await expect(page.getByRole('alert')).toContainText('Loading was stopped')
    await expect(bar).toHaveCount(0)
    await expect(app.field()).toHaveValue('A dull film, sadly.')
    rest.open()
    await app.button('Try again').click()
    await app.live()
    await expect(app.field()).toHaveValue('A dull film, sadly.')
    expect(await app.tokenTexts()).toEqual(['[CLS]', 'A', 'dull', 'film', ',', 'sadly', '.', '[SEP]'])
    expect((await app.probabilities()).negative).toBeGreaterThan(0.9)
  } finally {
    await host.close()
  }
})

async function seen(app: InnerscopePage) {
  const label = await app.strip().getByRole('button', { pressed: true }).getAttribute('aria-label')
  const chosen = label?.replace(/, .*$/, '')
  return {
    chosen,
    tokens: await app.tokenTexts(),
    strip: await app.strip().boundingBox(),
    probabilities: await app.probabilities(),
    logits: await app.logits(),
    matrix: await app.matrix(),
  }
}
