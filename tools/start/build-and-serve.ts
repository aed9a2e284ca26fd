// npm start, once everything is installed: build, serve, open.
import { parseArgs } from 'node:util'
import { buildPage } from '../build-page.ts'
import { serve } from '../server/serve.ts'
import { openBrowser, shouldOpen } from './open-browser.ts'

const { values } = parseArgs({
  options: {
    'no-open': { type: 'boolean', default: false },
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
  },
})

console.log('Building the page ...')
await buildPage()
const { url } = await serve({ dir: 'dist', port: Number(values.port), host: values.host })
console.log(`Innerscope is at ${url}  (Ctrl+C ends it)`)
if (shouldOpen({ noOpen: values['no-open'], env: process.env, platform: process.platform })) openBrowser(url)
