// The page as end-to-end tests see it: built (unless the caller has just done so), then served by our own server.
import { serve } from './serve.mjs'

if (!process.env.INNERSCOPE_BUILT) await import('./build.mjs')
await serve({ dir: 'dist', port: Number(process.env.INNERSCOPE_E2E_PORT), strictPort: true })
