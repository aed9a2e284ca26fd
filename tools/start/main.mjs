// npm start: install what is missing, build, serve, open.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureInstalled } from '../install.mjs'
import { serve } from '../serve.mjs'
import { openBrowser, shouldOpen } from './open-browser.mjs'

const root = resolve(import.meta.dirname, '../..')
process.chdir(root)

const { values } = parseArgs({
  options: {
    'no-open': { type: 'boolean', default: false },
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
  },
})

try {
  ensureInstalled(root)
  const { build } = await import('vite')
  console.log('Building the page ...')
  await build({ root, logLevel: 'warn' })
  const { url } = await serve({ dir: 'dist', port: Number(values.port), host: values.host })
  console.log(`Innerscope is at ${url}  (Ctrl+C ends it)`)
  if (shouldOpen({ noOpen: values['no-open'], env: process.env, platform: process.platform })) openBrowser(url)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
