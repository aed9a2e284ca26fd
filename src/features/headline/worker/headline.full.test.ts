// What headlines claim, tried on 200 sentences of SST-2's development set and on prompts of the embedded language model: the model is asked
// anew about the text as a reader would type it without the words.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { answerTo, claimed, engineOf, headlineOf, textWithoutUnits } from './testing/headline-of.ts'

const SENTENCES = readFileSync('fixtures/sst2-dev-200.tsv', 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t')[0] ?? '')

const PROMPTS = [
  'The capital of France is',
  'When Mary and John went to the store, John gave a drink to',
  'orange seven lamp river stone orange seven lamp river',
  'The keys to the cabinet',
  'Once upon a time there was a',
  'Water freezes at a temperature of',
  'The opposite of hot is',
  'She opened the door and saw that the room was',
]

async function wrongClaims(folder: string, texts: readonly string[]): Promise<{ wrong: readonly string[]; claims: number }> {
  const { model } = await openModelFolder(folder, { gradients: 'if-small' })
  const wrong: string[] = []
  let claims = 0
  for (const text of texts) {
    const found = await headlineOf(model, text)
    for (const { units, answer } of claimed(found.headline)) {
      claims++
      const without = textWithoutUnits(text, found, units)
      if ((await answerTo(model, without)) !== answer.index) wrong.push(`${text} -> ${without}`)
    }
  }
  return { wrong, claims }
}

describe('claims of headlines are true', () => {
  it('of 200 sentences', { timeout: 1_800_000 }, async () => {
    expect(SENTENCES).toHaveLength(200)
    const { wrong, claims } = await wrongClaims('public/models/minilm-sst2', SENTENCES)
    expect(claims).toBeGreaterThan(100)
    expect(wrong).toEqual([])
  })

  it('of prompts', { timeout: 600_000 }, async () => {
    const { wrong, claims } = await wrongClaims('public/models/smollm2-135m-instruct', PROMPTS)
    expect(claims).toBeGreaterThan(PROMPTS.length / 2)
    expect(wrong).toEqual([])
  })
})

it('surprise is the probability that the model gave a token, in bits', { timeout: 120_000 }, async () => {
  const { model } = await openModelFolder('public/models/smollm2-135m-instruct')
  const { prediction } = await model.run(model.tokenizer.encode('The capital of France is'))
  if (prediction.kind !== 'tokens') throw new Error(prediction.kind)
  const paris = prediction.positions[0]?.candidates.find(({ label }) => label === ' Paris')?.probability ?? Number.NaN
  const engine = await engineOf(model)
  const input = inputOf('The capital of France is Paris')
  const { bits, left } = await engine.surprise({ input }, { signal: never, progress: () => undefined })
  expect(left).toBe(0)
  expect(bits.at(-1)).toBeCloseTo(-Math.log2(paris), 3)
  expect(bits[0]).toBeNaN()
  expect(Array.from(bits.slice(1)).every((value) => value > 0)).toBe(true)
})
