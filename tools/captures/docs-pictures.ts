// The pictures of the README, light and dark: the sentence that answers, the grid of all heads, a language model.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { openChromium } from '../../e2e/engines/chromium-page.ts'
import { ensureBrowser } from '../find-browser.ts'
import { photograph } from './photograph.ts'
import type { Scene } from './scenes.ts'

const SIZE = { width: 1440, height: 900 }
/** Pictures of a README travel with every clone. */
const MAX_BYTES = 400_000

const PICTURES: readonly Scene[] = [
  { name: 'screenshot', link: 'lv=2&v=attribution' },
  { name: 'screenshot-heads', link: 'lv=2&v=attention' },
  { name: 'screenshot-language-model', link: `lv=2&m=smollm2-135m-instruct&a=${encodeURIComponent('The capital of France is')}` },
]

/** @param folder that they are written into, over those of before @throws Error when one is too large */
export async function takeDocsPictures(url: string, folder: string): Promise<void> {
  const page = await openChromium(await ensureBrowser(), SIZE, { scale: 1 })
  try {
    for (const scene of PICTURES)
      for (const theme of ['light', 'dark'] as const) {
        const name = `${scene.name}${theme === 'dark' ? '-dark' : ''}.png`
        const bytes = packed((await photograph(page, url, scene, { size: SIZE, theme, language: 'en' })).png)
        if (bytes.length > MAX_BYTES) throw new Error(`${name} has ${bytes.length} bytes, more than ${MAX_BYTES}`)
        writeFileSync(join(folder, name), bytes)
        console.log(`docs/${name}: ${bytes.length} bytes`)
      }
  } finally {
    await page.close()
  }
}

/**
 * The same picture in the fewest bytes: browsers compress screenshots for speed. A page's flat areas repeat byte for byte, which
 * the compressor finds best in rows without filters; tints that run into each other it finds best with them.
 * @param png of no transparent part
 */
function packed(png: Buffer): Buffer {
  const picture = PNG.sync.read(png)
  const ways = [0, 4].map((filterType) => PNG.sync.write(picture, { deflateLevel: 9, filterType, colorType: 2, inputHasAlpha: true }))
  return ways.reduce((best, way) => (way.length < best.length ? way : best), png)
}
