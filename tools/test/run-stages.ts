// Runs stages one after the other, whatever the earlier ones did, and prints a line for each.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Count } from './count.mjs'
import { countStage, faultsOf } from './count-stage.ts'
import { reportFolder, type Stage, withReport } from './stages.ts'

const OUTPUT_AFTER_EXIT_MS = 3_000

interface StageOptions {
  readonly root: string
  /** Added to every stage's. */
  readonly env: Readonly<Record<string, string>>
  /** Why there is no browser, if there is none. */
  readonly noBrowser: string | undefined
  readonly print?: (line: string) => void
}

/** @returns one count for each stage */
export async function runStages(
  stages: readonly Stage[],
  { root, env, noBrowser, print = console.log }: StageOptions,
): Promise<readonly Count[]> {
  const counts: Count[] = []
  mkdirSync(reportFolder(root), { recursive: true })
  for (const stage of stages) {
    const started = Date.now()
    const count = stage.needsBrowser && noBrowser ? { passed: 0, failed: 1, note: noBrowser } : await runStage(stage, root, env, print)
    counts.push(count)
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    const note = count.note ? ` (${count.note})` : ''
    print(`${count.failed === 0 ? 'ok  ' : 'FAIL'} ${stage.name}: ${count.passed} passed, ${count.failed} failed in ${seconds} s${note}`)
  }
  return counts
}

async function runStage(stage: Stage, root: string, env: StageOptions['env'], print: (line: string) => void): Promise<Count> {
  const file = join(reportFolder(root), `${stage.name.replace(/\W/g, '-')}.json`)
  // A report of an earlier run must not speak for this one.
  rmSync(file, { force: true })
  const command = withReport(stage, file)
  const { code, output } = await runNode(command.args, {
    cwd: root,
    env: { ...process.env, ...env, ...command.env },
    minutes: stage.minutes,
  })
  const report = readReport(file)
  const count = countStage(stage, { code, report })
  if (count.failed > 0) print(output.trimEnd())
  // Once more in short: of a long output often only the end is kept.
  for (const fault of faultsOf(report)) print(fault)
  return count
}

/** Runs node without input; its output is kept back, since only failures need it. */
export function runNode(
  args: readonly string[],
  { cwd, env, minutes }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly minutes: number },
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((done) => {
    // A group of its own: what is late is ended with everything that it started, browsers above all.
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' })
    let output = ''
    const keep = (bytes: Buffer): void => {
      output += bytes.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const stop = (): void => endGroup(child)
    process.once('SIGINT', stop).once('SIGTERM', stop)
    const late = setTimeout(() => {
      output += `\nended after ${minutes} minutes\n`
      stop()
    }, minutes * 60_000)
    const finish = (code: number | null): void => {
      clearTimeout(late)
      process.off('SIGINT', stop).off('SIGTERM', stop)
      done({ code, output })
    }
    child.on('error', (error) => {
      output += error.message
      finish(null)
    })
    child.on('close', finish)
    // A grandchild that outlives the runner may hold its output open: then there is no 'close'.
    child.on('exit', (code) => setTimeout(() => finish(code), OUTPUT_AFTER_EXIT_MS).unref())
  })
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
