// npm run captures: pictures of the page as it is now, built into a folder of its own and live on its own models: every view, in
// .cache/captures, at sizes from a phone to a projector, light and dark, English and Chinese; index.html shows them all.
// npm run captures -- [--only chromium,firefox,webkit] [--scenes attention,models…] [--docs]
// --docs takes those of the README instead (docs/*.png).
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { openChromium } from '../e2e/engines/chromium-page.ts'
import type { EnginePage } from '../e2e/engines/engine-page.ts'
import { openFirefox } from '../e2e/engines/firefox-page.ts'
import { openWebKit } from '../e2e/engines/webkit-page.ts'
import { takeDocsPictures } from './captures/docs-pictures.ts'
import { type Look, photograph, type Size } from './captures/photograph.ts'
import { FEW, SCENES, type Scene } from './captures/scenes.ts'
import { sheetOf } from './captures/sheet.ts'
import { ensureBrowser } from './find-browser.ts'
import { ENGINES, findEngine } from './find-engines.ts'
import { serve } from './server/serve.ts'

const ROOT = resolve(import.meta.dirname, '..')
const SITE = join(ROOT, '.cache/captures-site')
const PICTURES = join(ROOT, '.cache/captures')

const WIDE: Size = { width: 1366, height: 768 }
const NARROW: Size = { width: 390, height: 844 }
const THEMES = ['light', 'dark'] as const

/** Sizes, themes and languages together. */
function looksOf(sizes: readonly Size[], languages: readonly Look['language'][]): readonly Look[] {
  return sizes.flatMap((size) => languages.flatMap((language) => THEMES.map((theme) => ({ size, theme, language }))))
}

interface Shooting {
  readonly open: () => Promise<EnginePage>
  readonly looks: readonly Look[]
  readonly scenes: readonly Scene[]
}

const few = SCENES.filter(({ name }) => FEW.includes(name))
const programOf = (name: string): string => {
  const engine = ENGINES.find((one) => one.name === name)
  const program = engine && findEngine(engine)
  if (program === undefined) throw new Error(`${name} is not installed; --only chromium does without it`)
  return program
}

const SHOOTINGS: Readonly<Record<string, Shooting>> = {
  chromium: {
    open: async () => openChromium(await ensureBrowser(), WIDE),
    looks: looksOf([WIDE, { width: 1440, height: 900 }, { width: 1920, height: 1080 }, NARROW], ['en', 'zh']),
    scenes: SCENES,
  },
  firefox: { open: async () => openFirefox(programOf('Firefox'), WIDE), looks: looksOf([WIDE, NARROW], ['en']), scenes: few },
  webkit: { open: async () => openWebKit(programOf('WebKit'), WIDE), looks: looksOf([WIDE, NARROW], ['en']), scenes: few },
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, scenes: { type: 'string' }, docs: { type: 'boolean', default: false } },
})
const engines = chosen('only', Object.keys(SHOOTINGS), values.only)
const scenes = chosen(
  'scenes',
  SCENES.map(({ name }) => name),
  values.scenes,
)

process.chdir(ROOT)
// A program run through Vite is in development mode, and Vite would build the page in the same.
process.env.NODE_ENV = 'production'
await build({ root: ROOT, logLevel: 'warn', build: { outDir: SITE, emptyOutDir: true } })
const server = await serve({ dir: SITE, port: 0 })
try {
  if (values.docs) await takeDocsPictures(server.url, join(ROOT, 'docs'))
  else await takeAll(server.url)
} finally {
  await server.close()
}

async function takeAll(url: string): Promise<void> {
  const taken: string[] = []
  for (const engine of engines) {
    const shooting = SHOOTINGS[engine]
    if (shooting === undefined) continue
    mkdirSync(join(PICTURES, engine), { recursive: true })
    const page = await shooting.open()
    try {
      for (const scene of shooting.scenes.filter(({ name }) => scenes.includes(name)))
        for (const look of shooting.looks) {
          const { png, size } = await photograph(page, url, scene, look)
          const path = `${engine}/${scene.name}-${size.width}x${size.height}-${look.theme}-${look.language}.png`
          writeFileSync(join(PICTURES, path), png)
          taken.push(path)
          console.log(path)
        }
    } finally {
      await page.close()
    }
  }
  writeFileSync(join(PICTURES, 'index.html'), sheetOf(taken))
  console.log(`${taken.length} pictures; .cache/captures/index.html shows them`)
}

/** Some of what is known, all of it unless named. @throws Error naming an unknown one */
function chosen(option: string, known: readonly string[], typed: string | undefined): readonly string[] {
  if (typed === undefined) return known
  const names = typed.split(',')
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`--${option} takes ${known.join(', ')}; not ${unknown}`)
  return names
}
