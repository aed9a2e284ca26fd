import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addUp } from './count.mjs'
import { runNode, runStages } from './run-stages.ts'
import type { Stage } from './stages.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'innerscope-stages-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A runner that behaves as told instead of testing. */
function runner(name: string, code: string, more: Partial<Stage> = {}): Stage {
  writeFileSync(join(root, `${name}.mjs`), `import { writeFileSync } from 'node:fs'\n${code}`)
  return { name, kind: 'vitest', args: [`${name}.mjs`], minutes: 1, ...more }
}

const reports = (passed: number, failed: number) =>
  `const file = process.argv.find((a) => a.startsWith('--outputFile.json=')).split('=')[1]
   writeFileSync(file, JSON.stringify({ numPassedTests: ${passed}, numFailedTests: ${failed}, testResults: [] }))\n`

async function run(stages: readonly Stage[], noBrowser?: string) {
  const lines: string[] = []
  const counts = await runStages(stages, { root, env: {}, noBrowser, print: (line) => lines.push(line) })
  return { sum: addUp(counts), output: lines.join('\n') }
}

it('runs every stage, whatever the earlier ones did, and shows what failed', async () => {
  const { sum, output } = await run([
    runner('bad-check', `console.error('the reason'); process.exit(3)`, { kind: 'check' }),
    runner('failing', `${reports(5, 2)} console.log('details of two failures'); process.exit(1)`),
    runner('crashing', `console.error('out of memory'); process.kill(process.pid, 'SIGKILL')`),
    runner('empty', reports(0, 0)),
    runner('good', `${reports(8, 0)} console.log('not shown')`),
  ])
  expect(sum).toEqual({ passed: 13, failed: 5 })
  expect(output).toContain('the reason')
  expect(output).toContain('details of two failures')
  expect(output).toContain('out of memory')
  expect(output).not.toContain('not shown')
  expect(output).toMatch(/^ok {3}good: 8 passed, 0 failed in \d+\.\d s$/m)
  expect(output).toMatch(/^FAIL empty: 0 passed, 1 failed in \d+\.\d s \(no tests\)$/m)
})

it('does not count the report of an earlier run', async () => {
  await run([runner('once', reports(4, 0))])
  expect((await run([runner('once', 'process.exit(0)')])).sum).toEqual({ passed: 0, failed: 1 })
})

it('counts a stage whose browser is missing as a failure and says why', async () => {
  const { sum, output } = await run([runner('browser', reports(4, 0), { needsBrowser: true })], 'No browser here.')
  expect(sum).toEqual({ passed: 0, failed: 1 })
  expect(output).toContain('No browser here.')
})

it('ends a stage that hangs, and what it started', async () => {
  const sign = join(root, 'sign-of-life')
  writeFileSync(
    join(root, 'grandchild.mjs'),
    `import { writeFileSync } from 'node:fs'; setInterval(() => writeFileSync('sign-of-life', ''), 20)`,
  )
  const code = `import { spawn } from 'node:child_process'
    spawn(process.execPath, ['grandchild.mjs'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`
  const ending = runNode(['--input-type=module', '-e', code], { cwd: root, env: process.env, minutes: 1 / 12 })
  await expect.poll(() => existsSync(sign), { timeout: 4800 }).toBe(true)
  expect((await ending).code).toBeNull()
  rmSync(sign, { force: true })
  await new Promise((done) => setTimeout(done, 200))
  expect(existsSync(sign)).toBe(false)
})
