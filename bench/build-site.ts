// Builds what is measured: the page as a reader gets it, and beside it the bench's own pages, in a folder of their own.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build, defaultClientConditions } from 'vite'
import { firstView } from '../tools/first-view.ts'

const ROOT = resolve(import.meta.dirname, '..')

/** Where the pages are built; never `dist`, which tests may be using. */
export const SITE = resolve(ROOT, 'bench/out/site')

/** The folder of the bench's pages inside the site: they share its models and its runtime. */
export const PAGES = 'bench'

/** @throws Error when the page came out as a development build, which is several times slower than what readers get */
export async function buildSite(): Promise<void> {
  // A program run through Vite is itself in development mode, and Vite would build the page in the same.
  process.env.NODE_ENV = 'production'
  await build({ root: ROOT, logLevel: 'warn', build: { outDir: SITE, emptyOutDir: true } })
  const sources = firstView(SITE).flatMap(sourcesOf)
  if (sources.length === 0) throw new Error('no script of the page says what it was made of')
  const development = sources.find((source) => source.endsWith('.development.js'))
  if (development !== undefined) throw new Error(`the page was built for development: ${development}`)
  const pages = resolve(ROOT, 'bench/pages')
  await build({
    configFile: false,
    root: pages,
    base: './',
    publicDir: false,
    logLevel: 'error',
    worker: { format: 'es' },
    // As in the page: the runtime's .mjs and .wasm come from ./ort/, also for transformers.js.
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
    build: {
      outDir: resolve(SITE, PAGES),
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
      assetsInlineLimit: 0,
      rolldownOptions: { input: ['forward', 'draw', 'surgery', 'taps', 'generation'].map((name) => resolve(pages, `${name}.html`)) },
    },
  })
}

/** The files that a built script was made of: none for the bundler's own helpers, which have no map. */
function sourcesOf(script: string): readonly string[] {
  if (!existsSync(`${script}.map`)) return []
  const { sources } = JSON.parse(readFileSync(`${script}.map`, 'utf8')) as { readonly sources: readonly string[] }
  return sources
}
