// Runs Biome and keeps what concerns the layers.
import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

/** What the types-only plugin says, which tells it from other plugins. */
export const TYPES_ONLY_MESSAGE = 'This layer may import only types from there: write import type.'

/** Biome's names of the rules -> ours, as planted files mark them. */
const RULES = new Map([
  ['lint/style/noRestrictedImports', 'layer'],
  ['lint/suspicious/noImportCycles', 'cycle'],
  ['plugin', 'types-only'],
])

/**
 * Violations of the layer rules.
 * @param {string} root the project, which holds Biome
 * @param {string} folder where to look, with its own biome.json
 * @param {readonly string[]} paths below folder
 * @returns {{ file: string, line: number, rule: string, message: string }[]}
 * @throws {Error} when Biome could not do its work
 */
export function lintLayers(root, folder, paths) {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=github', '--max-diagnostics=none', ...paths], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  })
  const lines = run.stdout
    .split('\n')
    .flatMap((line) => /^::\w+ title=([^,]+),file=([^,]+),line=(\d+),[^:]*::(.*)$/.exec(line)?.slice(1) ?? [])
  const found = []
  for (let at = 0; at < lines.length; at += 4) {
    const [title = '', file = '', line = '', message = ''] = lines.slice(at, at + 4)
    const rule = RULES.get(title)
    // Other plugins are not about layers.
    if (rule && (title !== 'plugin' || message === TYPES_ONLY_MESSAGE))
      found.push({
        file: relative(realpathSync(folder), resolve(realpathSync(folder), file))
          .split(sep)
          .join('/'),
        line: Number(line),
        rule,
        message,
      })
  }
  // Biome ends with 1 both for findings and for a broken configuration; only the first prints findings.
  if (run.status === null || (run.status !== 0 && lines.length === 0)) throw new Error(`Biome failed:\n${run.stdout}${run.stderr}`)
  return found
}
