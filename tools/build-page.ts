// Builds the page into dist. The last build goes first: when this one fails, nothing may pass for it.
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'vite'

/** @throws when the page does not build */
export async function buildPage(): Promise<void> {
  const root = resolve(import.meta.dirname, '..')
  rmSync(resolve(root, 'dist'), { recursive: true, force: true })
  // Vite's server, which runs this program, has said "development" already, and a build believes it: no service worker, a slow React.
  process.env.NODE_ENV = 'production'
  await build({ root, logLevel: 'warn' })
}
