// What the page is for, in the engines that Playwright does not drive here: one browser, one page, one journey in parts.
import { readFile } from 'node:fs/promises'
import reference from '../../fixtures/minilm-reference.json' with { type: 'json' }
import { words as attention } from '../../src/features/attention/words/en.ts'
import { words as methods } from '../../src/i18n/en/methods.ts'
import { words } from '../../src/i18n/en/words.ts'
import { words as chinese } from '../../src/i18n/zh/words.ts'
import { numberOf } from '../pages/innerscope-page.ts'
import { openChromium } from './chromium-page.ts'
import { type EnginePage, until } from './engine-page.ts'
import { button, expect, live, positive, radio, settled, shown, test, tick, typeAndWait, VIEWPORT } from './innerscope.ts'
import { errorsInPage, fileOfPage, killEngineInPage } from './journey-host.ts'
import { coloursOf, drawnCells, drawnLines } from './picture.ts'

const [item] = reference.items
const { charts } = attention.attention
const { tabs } = words.app
/** Methods of every family whose answer is the same each time: the defaults, and those that are chosen beside them. */
const METHODS = ['leave-one-out', 'interpolated-shapley', 'saliency', 'input-x-gradient', 'gradient-x-attention', 'rollout'] as const

/** In the popover of the methods, which closes again. */
async function tickMethods(journey: EnginePage, ids: readonly (keyof typeof methods.methods)[]): Promise<void> {
  await journey.click(button(/^Methods \(/))
  for (const id of ids) await journey.click(tick(methods.methods[id].name))
  await journey.evaluate(
    () => void document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })),
    null,
  )
}

test.describe('a journey', () => {
  test.describe.configure({ mode: 'serial', timeout: 240_000 })

  test('the example is there before the model, and turns live', async ({ journey, host }) => {
    await journey.goto(host.url)
    await until('the example', async () => (await shown(journey)).tokens.length === 10)
    expect(await journey.evaluate(() => document.body.textContent ?? '', null)).toContain(words.input.precomputed)
    const before = await positive(journey)
    host.releaseModel()
    await live(journey)
    expect(Math.abs((await positive(journey)) - before)).toBeLessThan(0.01)
  })

  test('what is typed is answered', async ({ journey }) => {
    await typeAndWait(journey, 'A dull film, sadly.')
    expect((await shown(journey)).tokens).toEqual(['[CLS]', 'A', 'dull', 'film', ',', 'sadly', '.', '[SEP]'])
    expect(await positive(journey)).toBeLessThan(0.1)
    await typeAndWait(journey, item?.text ?? '')
    expect(await positive(journey)).toBeGreaterThan(0.9)
  })

  test('every attention chart is seen, not only its table', async ({ journey }) => {
    const heatmap = await drawnCells(journey, 'figure')
    expect(heatmap.cells).toBe(100)
    expect(heatmap.colours).toBeGreaterThan(10)
    // The grid is one canvas of all heads.
    expect(await coloursOf(journey, '.is-stage')).toBeGreaterThan(50)
    for (const chart of ['flow', 'arcs'] as const) {
      await journey.click(radio(charts[chart]))
      await until(chart, () => journey.evaluate(() => document.querySelector('figure g.is-base path') !== null, null))
      expect(await drawnLines(journey, 'figure')).toBeGreaterThan(10)
    }
    await journey.click(radio(charts.token))
    await journey.click({ css: '[role="toolbar"] button', name: /^bad/ })
    await until('strips', () => journey.evaluate(() => document.querySelectorAll('figure .is-cells').length === 2, null))
    expect((await drawnCells(journey, 'figure')).cells).toBe(120)
    await journey.click(radio(charts.heatmap))
  })

  test('attributions are seen, and equal those of Chromium', async ({ journey, host }) => {
    await journey.click(radio(tabs.attribution))
    await tickMethods(journey, METHODS.slice(2))
    await until(
      'all values',
      () =>
        journey.evaluate(
          (count) => document.querySelectorAll('figure .is-cells rect:not([fill-opacity="0"])').length === count,
          10 * METHODS.length,
        ),
      150_000,
    )
    // Values that come after the chart is drawn, and rows that move, are drawn too.
    expect((await drawnCells(journey, 'figure')).cells).toBe(10 * METHODS.length)
    await tickMethods(journey, ['relevance'])
    await until(
      'one row more',
      () =>
        journey.evaluate(
          (count) => document.querySelectorAll('figure .is-cells rect:not([fill-opacity="0"])').length === count,
          10 * METHODS.length + 10,
        ),
      60_000,
    )
    expect((await drawnCells(journey, '.attribution-panel, main')).cells).toBeGreaterThanOrEqual(10 * METHODS.length + 10)
    await tickMethods(journey, ['relevance'])

    const chromium = await openChromium(process.env.INNERSCOPE_CHROMIUM, VIEWPORT)
    try {
      await chromium.goto(`${host.url}#${await journey.evaluate(() => location.hash.slice(1), null)}`)
      await live(chromium)
      await until(
        'all values in Chromium',
        () =>
          chromium.evaluate(
            (count) => document.querySelectorAll('figure .is-cells rect:not([fill-opacity="0"])').length === count,
            10 * METHODS.length,
          ),
        150_000,
      )
      const [own, others] = [await exportedValues(journey), await exportedValues(chromium)]
      expect(own.length).toBe(10 * METHODS.length)
      expect(others.length).toBe(own.length)
      for (const [at, value] of own.entries()) expect(Math.abs(value - (others[at] ?? Number.NaN))).toBeLessThan(1e-3)
    } finally {
      await chromium.close()
    }
  })

  test('a row of what if opens to what its edit does', async ({ journey }) => {
    await journey.click(radio(tabs['what-if']))
    await until('rows', () => journey.evaluate(() => document.querySelectorAll('tbody button[aria-expanded]').length === 8, null), 60_000)
    await journey.click({ css: 'tbody button[aria-expanded]', name: /“not”/ })
    const row = await until('a row that is open', () =>
      journey.evaluate(() => document.querySelector('tr[aria-current="true"]')?.querySelector('td')?.textContent, null),
    )
    const deleted = item?.logits_with_token_deleted.data[9] ?? Number.NaN
    expect(Math.abs(numberOf(row) - (deleted - (item?.logits.data[1] ?? Number.NaN)))).toBeLessThan(0.0015)
    await until(
      'its heads',
      () =>
        journey.evaluate(
          () =>
            document.querySelectorAll('[role="region"] [role="listbox"] [role="option"], section [role="listbox"] [role="option"]')
              .length >= 5,
          null,
        ),
      60_000,
    )
    await journey.click(radio(tabs.attention))
    // The edit stands as B until the reader takes it away.
    await journey.click(button(words.input.removeB))
  })

  test('two sentences and their difference', async ({ journey }) => {
    await journey.click(button(words.input.compare))
    await typeAndWait(journey, 'The film is bad at all.', 'B')
    expect(await positive(journey, 0)).toBeGreaterThan(0.9)
    expect(await positive(journey, 1)).toBeLessThan(0.1)
    expect((await shown(journey)).ghosts).toEqual(['not'])
    await journey.click(radio(words.compare.paneDifference))
    // The token that B lacks is a gap: a row and a column of ten.
    await until('the difference', () =>
      journey.evaluate(() => document.querySelectorAll('figure .is-cells rect:not([fill-opacity="0"])').length === 81, null),
    )
    expect((await drawnCells(journey, 'figure')).cells).toBe(81)
  })

  test('a link brings the same view', async ({ journey, host }) => {
    const before = await shown(journey)
    const link = await journey.evaluate(() => location.href, null)
    expect(link).toContain('#')
    await journey.goto('about:blank')
    await journey.goto(link)
    await live(journey)
    expect(link.startsWith(host.url)).toBe(true)
    await expect.poll(() => shown(journey)).toEqual(before)
  })

  test('Chinese', async ({ journey }) => {
    const before = await shown(journey)
    await journey.click({ css: 'header button', name: words.app.language.label })
    await until('Chinese', async () => (await shown(journey)).language === 'zh')
    const { choices, numbers, tokens } = await shown(journey)
    expect(choices.length).toBe(before.choices.length)
    expect(choices.join('')).not.toMatch(/Heatmap|Attention/)
    expect(choices.join('')).toMatch(/[\u4e00-\u9fff]/)
    expect(tokens).toEqual(before.tokens)
    expect(numbers.length).toBe(before.numbers.length)
    await journey.click({ css: 'header button', name: chinese.app.language.label })
    await until('English', async () => (await shown(journey)).language === 'en')
  })

  test('an engine that dies is started again, and the text gets its answer', async ({ journey }) => {
    await typeAndWait(journey, 'A dull film, sadly.', 'A')
    expect(await journey.evaluate(killEngineInPage, null)).toBe(true)
    await until(
      'word of it',
      () => journey.evaluate((text) => (document.body.textContent ?? '').includes(text), words.notice['engine-restarted']),
      60_000,
    )
    await live(journey)
    await typeAndWait(journey, 'A bright film, gladly.', 'A')
    expect(await positive(journey)).toBeGreaterThan(0.9)
  })

  test('a visited page opens again without its host', async ({ journey, host }) => {
    await journey.evaluate(async () => void (await navigator.serviceWorker.ready), null)
    await host.close()
    await journey.reload()
    await live(journey)
    expect((await shown(journey)).fields[0]).toBe('A bright film, gladly.')
    await typeAndWait(journey, 'Nobody can hear me now.', 'A')
    expect((await shown(journey)).tokens).toContain('Nobody')
  })

  test('nothing went wrong on the way that only the console tells', async ({ journey }) => {
    expect(await journey.evaluate(errorsInPage, null)).toEqual([])
    expect(journey.browserErrors()).toEqual([])
  })
})

/** Takes the numbers on screen away, as a file. */
async function exported(
  page: EnginePage,
  format: string,
): Promise<{ readonly type: string; readonly text: string; readonly size: number }> {
  const count = () => page.evaluate((): number => Reflect.get(window, 'filesOfPage').length, null)
  const before = await count()
  await page.click(button(words.app.export))
  await page.click({ css: '[role="menuitem"]', name: format })
  await until(format, async () => (await count()) > before)
  const file = await page.evaluate(fileOfPage, null)
  if (file === null) throw new Error(`no file of ${format}`)
  return file
}

/** All values of the tables on screen, in order, in full precision. */
async function exportedValues(page: EnginePage): Promise<readonly number[]> {
  const { text } = await exported(page, words.app.exportJson)
  const { matrices }: { matrices: readonly { readonly values: readonly (readonly number[])[] }[] } = JSON.parse(text)
  return matrices.flatMap(({ values }) => values.flat())
}

// Not proved yet in these engines: the menu of files opens late in WebKit, and the two models were not waited for.
test.describe
  .fixme('more @full', () => {
    test.describe.configure({ mode: 'serial', timeout: 400_000 })

    test('charts and numbers leave as files', async ({ journey, host }) => {
      host.releaseModel()
      await journey.goto(host.url)
      await live(journey)
      const drawing = await exported(journey, words.app.exportSvg)
      expect(drawing.type).toBe('image/svg+xml')
      expect(drawing.text.match(/<rect/g)?.length).toBeGreaterThan(100)
      const picture = await exported(journey, words.app.exportPng)
      expect(picture.type).toBe('image/png')
      expect(picture.size).toBeGreaterThan(5_000)
      const numbers = await exported(journey, words.app.exportCsv)
      expect(numbers.text.split('\n').length).toBeGreaterThan(10)
      expect(await exportedValues(journey)).toHaveLength(100)
    })

    test('a model that is dropped on the page opens', async ({ journey }) => {
      const paths = ['onnx/model.onnx', 'tokenizer.json', 'tokenizer_config.json', 'config.json']
      const files = await Promise.all(
        paths.map(async (path) => ({ path, bytes: (await readFile(`fixtures/zoo/bert/${path}`)).toString('base64') })),
      )
      await journey.evaluate(async (given) => {
        const transfer = new DataTransfer()
        for (const { path, bytes } of given) {
          const decoded = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))
          transfer.items.add(new File([decoded], path.split('/').at(-1) ?? path))
        }
        window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      }, files)
      await journey.click({ css: '[role="dialog"] button', name: /^Open$/ })
      await until(
        'the dropped model',
        () =>
          journey.evaluate(
            () =>
              /model.*Ready/s.test(document.querySelector('header')?.textContent ?? '') &&
              !/MiniLM/.test(document.querySelector('header')?.textContent ?? ''),
            null,
          ),
        60_000,
      )
      await settled(journey)
      expect((await shown(journey)).tokens.length).toBeGreaterThan(3)
    })

    test('SmolLM2 says what comes next', async ({ journey, host }) => {
      await journey.goto('about:blank')
      await journey.goto(`${host.url}#m=smollm2-135m-instruct&a=${encodeURIComponent('The capital of France is')}`)
      await until(
        'Paris',
        () =>
          journey.evaluate(
            () => /Ready/.test(document.querySelector('header')?.textContent ?? '') && (document.body.textContent ?? '').includes('Paris'),
            null,
          ),
        300_000,
      )
      expect(await journey.evaluate(errorsInPage, null)).toEqual([])
      expect(journey.browserErrors()).toEqual([])
    })
  })
