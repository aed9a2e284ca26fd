// Runs Biome with the layer rules, and keeps what they found.
import { spawnSync } from 'node:child_process'
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { biomeSettings, TYPES_ONLY_FILE, typesOnlyPlugin } from './rules.ts'

/** Biome's names of the rules -> ours, as planted files mark them. */
const RULES = new Map([
  ['lint/style/noRestrictedImports', 'layer'],
  ['lint/suspicious/noImportCycles', 'cycle'],
  ['plugin', 'types-only'],
])

export interface Violation {
  /** From the folder. */
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

/**
 * Violations of the layer rules, which are written to .cache/layers of the folder.
 * @param root the project, which holds Biome
 * @param folder where to look
 * @param paths below folder
 * @param features names of the folders in src/features
 * @throws {Error} when Biome could not do its work
 */
export function lintLayers(root: string, folder: string, paths: readonly string[], features: readonly string[]): readonly Violation[] {
  const settings = join(folder, '.cache/layers')
  mkdirSync(settings, { recursive: true })
  writeFileSync(join(settings, 'biome.json'), biomeSettings(features))
  writeFileSync(join(settings, TYPES_ONLY_FILE), typesOnlyPlugin(features))
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const options = [`--config-path=${settings}`, '--reporter=github', '--max-diagnostics=none']
  const run = spawnSync(process.execPath, [biome, 'lint', ...options, ...paths], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  })
  const found = run.stdout.split('\n').flatMap((line): readonly Violation[] => {
    const [, title = '', file = '', at = '', message = ''] = /^::\w+ title=([^,]+),file=([^,]+),line=(\d+),[^:]*::(.*)$/.exec(line) ?? []
    const rule = RULES.get(title)
    const path = relative(realpathSync(folder), resolve(realpathSync(folder), file))
    return rule === undefined ? [] : [{ file: path.split(sep).join('/'), line: Number(at), rule, message }]
  })
  // Biome ends with 1 both for findings and for a broken configuration; only the first prints findings.
  if (run.status === null || (run.status !== 0 && found.length === 0)) throw new Error(`Biome failed:\n${run.stdout}${run.stderr}`)
  return found
}
