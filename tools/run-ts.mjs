// Runs a TypeScript program of the project in Node: node tools/run-ts.mjs tools/make-snapshot.ts [arguments]
// The program sees its own arguments in process.argv.slice(2).
import { resolve } from 'node:path'
import { loadTs } from './load-ts.mjs'

const [program, ...rest] = process.argv.slice(2)
if (program === undefined) {
  console.error('node tools/run-ts.mjs <file.ts> [arguments]')
  process.exitCode = 1
} else {
  const file = resolve(program)
  process.argv = [process.argv[0] ?? 'node', file, ...rest]
  try {
    await loadTs(file)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
