import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string
beforeAll(() => {
  // In the project, where package.json's #aliases hold.
  mkdirSync('.cache', { recursive: true })
  folder = mkdtempSync(join('.cache', 'run-ts-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function run(code: string, ...args: string[]) {
  const file = join(folder, 'program.ts')
  writeFileSync(file, code)
  return execFileSync(process.execPath, ['tools/run-ts.mjs', file, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

it("runs a program with the project's sources, the runtime and its own arguments", () => {
  const code = `import { env, Tensor } from 'onnxruntime-web/wasm'
    import { sizeOf } from '#tensor/tensor'
    const words: string[] = process.argv.slice(2)
    console.log(words.join(), sizeOf([2, 3]), new Tensor('float32', [1, 2], [2]).size, typeof env.wasm)`
  expect(run(code, 'a', '--b').trim()).toBe('a,--b 6 2 object')
})

it('ends with an error when the program throws', () => {
  expect(() => run(`throw new Error('no good')`)).toThrow('no good')
})
