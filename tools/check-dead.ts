// check:dead: what nothing uses, then what only tests, tools and benches use. knip.config.ts says what is what.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const statuses = [[], ['--production']].map(
  (args) => spawnSync(process.execPath, ['node_modules/knip/bin/knip.js', ...args], { cwd: root, stdio: 'inherit' }).status,
)
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1
