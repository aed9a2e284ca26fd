import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const SEEDS = 1500
/** Fewer than half of them are refused by the tokenizer library, which survives about 47. */
const EACH = 75

interface Told {
  readonly change: string
  readonly refused: string | null
  readonly untyped: string | null
}

async function outcomesFrom(first: number): Promise<readonly Told[]> {
  const args = ['tools/run-ts.mjs', 'src/engine/testing/run-mutations.ts', String(first), String(EACH)]
  const { stdout } = await promisify(execFile)('node', args, { maxBuffer: 64e6 })
  return JSON.parse(stdout.slice(stdout.indexOf('[{')))
}

it('1,500 damaged files of tokenizers and configurations are opened, or refused by an error with a kind', {
  timeout: 900_000,
}, async () => {
  const outcomes: Told[] = []
  for (let first = 0; first < SEEDS; first += EACH) outcomes.push(...(await outcomesFrom(first)))
  expect(outcomes).toHaveLength(SEEDS)
  expect(outcomes.filter(({ untyped }) => untyped !== null)).toEqual([])
  // Not the library's own end, which would hide what comes after it.
  expect(new Set(outcomes.map(({ refused }) => refused))).toEqual(new Set([null, 'bad-config']))
})
