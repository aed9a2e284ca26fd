// The page as end-to-end tests see it: built (unless the caller has just done so), then served by our own server.
import { existsSync } from 'node:fs'
import { buildPage } from './build-page.ts'
import { serve } from './server/serve.ts'

if (!process.env.INNERSCOPE_BUILT) await buildPage()
// Playwright would wait minutes for a page that never comes.
if (!existsSync('dist/index.html')) throw new Error('There is no built page in dist.')
await serve({ dir: 'dist', port: Number(process.env.INNERSCOPE_E2E_PORT), strictPort: true })
