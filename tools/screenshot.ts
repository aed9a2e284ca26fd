// npm run screenshot: the pictures of the README, docs/screenshot.png and docs/screenshot-dark.png, taken of the page as it is now:
// built into a folder of its own, live on the embedded model, one token of the first sentence deleted and its difference shown.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { PNG } from 'pngjs'
import { build } from 'vite'
import { ensureBrowser, launchArgs } from './find-browser.mjs'
import { serve } from './server/serve.ts'

const root = resolve(import.meta.dirname, '..')
const site = join(root, '.cache/screenshot-site')
const docs = join(root, 'docs')

const WIDTH = 1440
const HEIGHT = 900
/** The token that is deleted, and the head whose change is drawn: the one that the page ranks first. */
const DELETED = 'not'
const LIVE_MS = 60_000
/** Pictures of a README travel with every clone. */
const MAX_BYTES = 400_000

process.chdir(root)
await build({ root, logLevel: 'warn', build: { outDir: site, emptyOutDir: true } })
mkdirSync(docs, { recursive: true })
const server = await serve({ dir: site, port: 0 })
const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...launchArgs(), '--disable-features=WebGPU'] })
try {
  for (const [colorScheme, name] of [
    ['light', 'screenshot.png'],
    ['dark', 'screenshot-dark.png'],
  ] as const) {
    const bytes = packed(await photograph(colorScheme))
    if (bytes.length > MAX_BYTES) throw new Error(`${name} has ${bytes.length} bytes, more than ${MAX_BYTES}`)
    writeFileSync(join(docs, name), bytes)
    console.log(`docs/${name}: ${bytes.length} bytes`)
  }
} finally {
  await browser.close()
  await server.close()
}

/**
 * The same picture in fewer bytes: browsers compress screenshots for speed. A page's flat areas repeat byte for byte, which
 * the compressor finds best in rows without filters.
 * @param png of no transparent part
 */
function packed(png: Buffer): Buffer {
  return PNG.sync.write(PNG.sync.read(png), { deflateLevel: 9, filterType: 0, colorType: 2, inputHasAlpha: true })
}

/** A PNG of the page. */
async function photograph(colorScheme: 'light' | 'dark'): Promise<Buffer> {
  const context = await browser.newContext({
    viewport: { width: WIDTH, height: HEIGHT },
    deviceScaleFactor: 2,
    colorScheme,
    locale: 'en',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(server.url)
  await page.getByRole('banner').getByText('Ready').waitFor({ timeout: LIVE_MS })
  await page.getByRole('toolbar', { name: 'Tokens of sentence A' }).getByRole('button', { name: DELETED }).click()
  await page.keyboard.press('Delete')
  const changes = page.getByRole('listbox', { name: 'Heads that changed most' }).getByRole('option')
  await changes.first().click()
  await page.mouse.move(0, 0)
  await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' })
  await page.evaluate(() => document.fonts.ready)
  const picture = await page.screenshot()
  await context.close()
  return picture
}
