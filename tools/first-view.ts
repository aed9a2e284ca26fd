// Which scripts a reader downloads before the page shows something: the entry, the worker's entry, what they import statically, and the
// words of one language.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parseSync } from 'vite'

/** Words that the first view waits for; the group is the language. */
const FIRST_WORDS = /\/src\/(?:i18n\/(?<page>\w+)\/words|features\/attention\/words\/(?<panel>\w+))\.ts$/

/**
 * Files of the first view in the language with the most bytes of words, as paths from the current folder.
 * @param {string} dist the built page
 * @throws Error when the page names no script, or one of the files holds onnxruntime-web, which must be loaded later
 */
export function firstView(dist: string): string[] {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const entries = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(([, source = '']) => join(dist, source))
  if (entries.length === 0) throw new Error('index.html names no script')
  // The worker that fetches from hubs waits for a reader who asks for it.
  const workers = readdirSync(join(dist, 'assets')).filter((name) => /^engine\.worker-[^.]+\.js$/.test(name))
  const files = withImports([...entries, ...workers.map((name) => join(dist, 'assets', name)), ...mostWords(join(dist, 'assets'))])
  for (const file of files) {
    // The bundler's own few lines come from no file.
    if (!existsSync(`${file}.map`)) continue
    const { sources }: { sources: readonly string[] } = JSON.parse(readFileSync(`${file}.map`, 'utf8'))
    if (sources.some((source) => source.includes('/onnxruntime-web/'))) throw new Error(`${file} holds onnxruntime-web`)
  }
  return files.map((file) => relative('.', file))
}

function withImports(entries: readonly string[]): string[] {
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

/**
 * Files of the first view's words in the language that has the most of them.
 * @param folder of the scripts
 * @throws Error when there are none
 */
function mostWords(folder: string): readonly string[] {
  const byLanguage = new Map<string, readonly string[]>()
  for (const map of readdirSync(folder).filter((name) => name.endsWith('.js.map'))) {
    const { sources }: { sources: readonly string[] } = JSON.parse(readFileSync(join(folder, map), 'utf8'))
    for (const source of sources) {
      const { page, panel } = FIRST_WORDS.exec(source)?.groups ?? {}
      const language = page ?? panel
      if (language) byLanguage.set(language, [...(byLanguage.get(language) ?? []), join(folder, map.replace(/\.map$/, ''))])
    }
  }
  const bytes = (files: readonly string[]) => files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
  const [most] = [...byLanguage.values()].sort((a, b) => bytes(b) - bytes(a))
  if (!most) throw new Error(`${folder} holds no words of the first view`)
  return most
}
