// Runs stages one after the other, whatever the earlier ones did, and prints a line for each.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { countStage } from './count.mjs'
import { reportFolder, withReport } from './stages.mjs'

const OUTPUT_AFTER_EXIT_MS = 3_000

/**
 * @typedef {object} StageOptions
 * @property {string} root
 * @property {Readonly<Record<string, string>>} env added to every stage's
 * @property {string | undefined} noBrowser why there is no browser, if there is none
 * @property {(line: string) => void} [print]
 */

/**
 * @param {readonly import('./stages.mjs').Stage[]} stages
 * @param {StageOptions} options
 * @returns {Promise<import('./count.mjs').Count[]>} one for each stage
 */
export async function runStages(stages, { root, env, noBrowser, print = console.log }) {
  const counts = []
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

/**
 * @param {import('./stages.mjs').Stage} stage
 * @param {string} root
 * @param {Readonly<Record<string, string>>} env
 * @param {(line: string) => void} print
 */
async function runStage(stage, root, env, print) {
  const file = join(reportFolder(root), `${stage.name.replace(/\W/g, '-')}.json`)
  // A report of an earlier run must not speak for this one.
  rmSync(file, { force: true })
  const command = withReport(stage, file)
  const { code, output } = await runNode(command.args, {
    cwd: root,
    env: { ...process.env, ...env, ...command.env },
    minutes: stage.minutes,
  })
  const count = countStage(stage, { code, report: readReport(file) })
  if (count.failed > 0) print(output.trimEnd())
  return count
}

/**
 * Runs node without input; its output is kept back, since only failures need it.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, minutes: number }} options
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runNode(args, { cwd, env, minutes }) {
  return new Promise((done) => {
    // A group of its own: what is late is ended with everything that it started, browsers above all.
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' })
    let output = ''
    const keep = (/** @type {Buffer} */ bytes) => {
      output += bytes.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const stop = () => endGroup(child)
    process.once('SIGINT', stop).once('SIGTERM', stop)
    const late = setTimeout(() => {
      output += `\nended after ${minutes} minutes\n`
      stop()
    }, minutes * 60_000)
    const finish = (/** @type {number | null} */ code) => {
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

/** @param {import('node:child_process').ChildProcess} child */
function endGroup(child) {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/**
 * @param {string} file
 * @returns {unknown}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
