// What rows tell of characters and words that the model does not see.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTokenizer, type ModelTokenizer } from './tokenizer.ts'

async function open(folder: string, maxTokens = 512): Promise<ModelTokenizer> {
  const json = (name: string): object => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))
  return createTokenizer(json('tokenizer.json'), json('tokenizer_config.json'), maxTokens)
}
const minilm = await open('public/models/minilm-sst2')
const smollm2 = await open('public/models/smollm2-135m-instruct')
/** Its small byte alphabet lacks most bytes, and has no unknown token. */
const bytes = await open('fixtures/tokenizers/gpt2')

describe('dropped characters', () => {
  it('are named by their places where the vocabulary gives nothing for them', () => {
    const text = 'a ☃ is a 猫'
    const { dropped = [] } = bytes.encode(text)
    expect(dropped.map(({ start, end }) => text.slice(start, end))).toEqual(['☃', '猫'])
  })

  it.each(['It’s naïve, “café” — 東京!', 'a\u0301 👩‍👩‍👧 ﬁ ½', ' \t\n ', ''])(
    'are none where every character makes a token: %j',
    (text) => {
      expect([minilm, smollm2].map((tokenizer) => tokenizer.encode(text).dropped)).toEqual([undefined, undefined])
    },
  )
})

describe('words of a script that the vocabulary hardly has', () => {
  it.each([
    ['Arabic', 'هذا الفيلم رائع جدا'],
    ['Russian', 'Этот фильм очень хороший'],
    ['Thai', 'ภาพยนตร์เรื่องนี้ดีมาก'],
    ['Chinese', '这部电影非常好看'],
  ])('are most of a text in %s', (_language, text) => {
    const { words, unknown } = minilm.encode(text).wordsKnown ?? { words: 1, unknown: 0 }
    expect(unknown / words).toBeGreaterThan(0.5)
  })

  it.each(['I hated it. The acting was naïve!', 'Kurosawa’s 1954 film', 'xqzt wvvk', '12 + 3 = 15', ''])('are none of %j', (text) => {
    expect(minilm.encode(text).wordsKnown).toBeUndefined()
    expect(smollm2.encode(text).wordsKnown).toBeUndefined()
  })

  it('are told of a message, too', () => {
    const { words, unknown } = smollm2.encodeChat('ሰላም እንዴት ነህ').wordsKnown ?? { words: 1, unknown: 0 }
    expect(unknown / words).toBeGreaterThan(0.5)
  })
})
