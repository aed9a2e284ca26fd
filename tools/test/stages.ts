// What `npm test` and `npm run test:full` run, in order. Every stage is also a script of package.json.
import { join } from 'node:path'

export interface Stage {
  readonly name: string
  /** Arguments of node: the stage's program first. */
  readonly args: readonly string[]
  /** How its outcome is read: a check counts as one. */
  readonly kind: 'check' | 'vitest' | 'playwright'
  /** Whether no test at all is fine. */
  readonly mayBeEmpty?: boolean
  readonly needsBrowser?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** It is ended after these. */
  readonly minutes: number
}

const BIN = {
  tsc: 'node_modules/typescript/bin/tsc',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  vitest: 'node_modules/vitest/vitest.mjs',
  playwright: 'node_modules/@playwright/test/cli.js',
  sizeLimit: 'node_modules/size-limit/bin.js',
}

export const STAGES: readonly Stage[] = [
  { name: 'check:types', kind: 'check', args: [BIN.tsc, '-b'], minutes: 3 },
  { name: 'check:lint', kind: 'check', args: [BIN.biome, 'check', '--max-diagnostics=50', '.'], minutes: 2 },
  { name: 'check:lock', kind: 'check', args: ['tools/check-lock.mjs'], minutes: 1 },
  { name: 'check:layers', kind: 'check', args: ['tools/run-ts.mjs', 'tools/check-layers.ts'], minutes: 2 },
  { name: 'check:dead', kind: 'check', args: ['tools/run-ts.mjs', 'tools/check-dead.ts'], minutes: 3 },
  { name: 'test:unit', kind: 'vitest', args: [BIN.vitest, 'run', '--project', 'unit'], minutes: 12 },
  {
    name: 'test:browser',
    kind: 'vitest',
    args: [BIN.vitest, 'run', '--project', 'browser', '--project', 'webgpu'],
    needsBrowser: true,
    minutes: 10,
  },
  { name: 'build', kind: 'check', args: ['tools/run-ts.mjs', 'tools/build.ts'], minutes: 3 },
  { name: 'check:size', kind: 'check', args: [BIN.sizeLimit], minutes: 1 },
  {
    name: 'test:e2e',
    kind: 'playwright',
    args: [BIN.playwright, 'test', '--grep-invert', '@full'],
    needsBrowser: true,
    // The stage before this one has built the page.
    env: { INNERSCOPE_BUILT: '1' },
    minutes: 40,
  },
]

export const FULL_STAGES: readonly Stage[] = [
  {
    name: 'full:unit',
    kind: 'vitest',
    mayBeEmpty: true,
    args: [BIN.vitest, 'run', '--project', 'full', '--project', 'full-webgpu', '--passWithNoTests'],
    needsBrowser: true,
    minutes: 45,
  },
  {
    name: 'full:e2e',
    kind: 'playwright',
    mayBeEmpty: true,
    args: [BIN.playwright, 'test', '--grep', '@full', '--pass-with-no-tests'],
    needsBrowser: true,
    minutes: 35,
  },
]

/** The stage's arguments with a readable report on the terminal and a JSON one in `file`. */
export function withReport(stage: Stage, file: string): Required<Pick<Stage, 'args' | 'env'>> {
  const env = { ...stage.env }
  if (stage.kind === 'vitest') return { args: [...stage.args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], env }
  if (stage.kind === 'playwright')
    return { args: [...stage.args, '--reporter=list,json'], env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file } }
  return { args: stage.args, env }
}

export const reportFolder = (root: string): string => join(root, '.cache/test-reports')
