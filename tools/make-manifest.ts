// Writes manifest.json of a model folder: every file with its size and SHA-256. The page names the model, and the tool that makes
// snapshots names their file, after the name given here.
// Usage: node tools/run-ts.mjs tools/make-manifest.ts public/models/minilm-sst2 minilm-sst2 apache-2.0

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, name, license] = process.argv.slice(2)
if (folder === undefined || name === undefined) {
  console.error("Usage: node tools/run-ts.mjs tools/make-manifest.ts <folder> '<name of the model>' [SPDX licence]")
  process.exit(2)
}

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'manifest.json' && !entry.name.startsWith('.'))
  .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
  .sort()
  .map((path) => {
    const bytes = readFileSync(join(folder, path))
    return { path, size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify({ version: 1, name, license, files }, null, 2)}\n`)
console.log(`${join(folder, 'manifest.json')}: ${files.length} files`)
