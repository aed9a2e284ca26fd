// .ci/run: npm test, then npm run test:full; the last line adds both up.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { addUp, lastLine, readLastLine } from './test/count.mjs'

const root = resolve(import.meta.dirname, '..')
const counts = []
for (const script of ['test', 'test:full']) counts.push(await runScript(script))
const sum = addUp(counts)
console.log(lastLine(sum))
process.exitCode = sum.failed > 0 ? 1 : 0

/**
 * @param {string} script of package.json
 * @returns {Promise<import('./test/count.mjs').Count>}
 */
function runScript(script) {
  return new Promise((done) => {
    const child = spawn('npm', ['run', '--silent', script], {
      cwd: root,
      env: { ...process.env, CI: 'true' },
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    })
    let output = ''
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`
      // Only one line of this form is to be printed: the sum over both.
      if (readLastLine(line) === undefined) console.log(line)
    })
    child.on('error', (error) => {
      output += `${error.message}\n`
    })
    child.on('close', (code) => {
      const count = readLastLine(output)
      // A command that died on the way counts as a failure; so does one that ends badly but claims none.
      if (count === undefined || (code !== 0 && count.failed === 0)) done({ passed: count?.passed ?? 0, failed: 1 })
      else done(count)
    })
  })
}
