// Which scripts a reader downloads before the page shows something: the entry, the worker's entry, and what they import statically.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'vite'

/**
 * Files of the first view, as paths from the current folder.
 * @param {string} dist the built page
 * @returns {string[]}
 * @throws {Error} when the page names no script, or one of the files holds onnxruntime-web, which must be loaded later
 */
export function firstView(dist) {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const entries = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(([, source = '']) => join(dist, source))
  if (entries.length === 0) throw new Error('index.html names no script')
  // The worker that fetches from hubs waits for a reader who asks for it.
  const workers = readdirSync(join(dist, 'assets')).filter((name) => /^engine\.worker-[^.]+\.js$/.test(name))
  const files = withImports([...entries, ...workers.map((name) => join(dist, 'assets', name))])
  for (const file of files) {
    // The bundler's own few lines come from no file.
    if (!existsSync(`${file}.map`)) continue
    const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8'))
    if (sources.some((/** @type {string} */ source) => source.includes('/onnxruntime-web/')))
      throw new Error(`${file} holds onnxruntime-web`)
  }
  return files.map((file) => relative('.', file))
}

/**
 * @param {readonly string[]} entries
 * @returns {string[]}
 */
function withImports(entries) {
  const seen = new Set(entries)
  // A set that grows while it is walked: each file adds what it imports.
  for (const file of seen) {
    const { module } = parseSync(file, readFileSync(file, 'utf8'))
    const sources = [
      ...module.staticImports.map((statement) => statement.moduleRequest.value),
      ...module.staticExports.flatMap((statement) => statement.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ]
    for (const source of sources) if (source.startsWith('.')) seen.add(join(dirname(file), source))
  }
  return [...seen]
}
