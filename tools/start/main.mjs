// npm start: installs what is missing; what comes after that is TypeScript.
import { resolve } from 'node:path'
import { ensureInstalled } from '../install.mjs'

const root = resolve(import.meta.dirname, '../..')
process.chdir(root)

try {
  ensureInstalled(root)
  const { loadTs } = await import('../load-ts.mjs')
  await loadTs('tools/start/build-and-serve.ts')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
