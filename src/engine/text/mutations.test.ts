import { expect, it } from 'vitest'
import { mutationOutcomes } from '../testing/mutations.ts'

it('damaged files of tokenizers and configurations are opened, or refused by an error with a kind', { timeout: 120_000 }, async () => {
  const outcomes = await mutationOutcomes(Array.from({ length: 60 }, (_, seed) => seed))
  expect(outcomes.filter(({ untyped }) => untyped !== null).map(({ change, untyped }) => `${change}: ${String(untyped)}`)).toEqual([])
  expect(new Set(outcomes.map(({ refused }) => refused))).toEqual(new Set([null, 'bad-config']))
})
