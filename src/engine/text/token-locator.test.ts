import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createRustTokenizer } from './rust-tokenizer.ts'
import { createLocator } from './token-locator.ts'

const fixture = (name: string): object => JSON.parse(readFileSync(new URL(`../../../fixtures/tokenizers/${name}`, import.meta.url), 'utf8'))

/** Pieces of a text with what each stands for. */
async function show(tokenizer: object, text: string): Promise<readonly string[]> {
  const { encode, pieceOf } = await createRustTokenizer(tokenizer)
  const pieces = encode(text).map((id) => ({ id, piece: pieceOf(id) ?? '' }))
  return createLocator(tokenizer, encode)(text, pieces).map(
    ({ start, end, word }, index) => `${pieces[index]?.piece} ${text.slice(start, end)}|${word}`,
  )
}

describe('createLocator', () => {
  it('knows vocabularies of bytes', () => {
    expect(createLocator(fixture('gpt2/tokenizer.json'), () => []).bytes).toBe(true)
    expect(createLocator(fixture('bert/tokenizer.json'), () => []).bytes).toBe(false)
  })

  it('gives a run of unknown words that the model fuses to its one piece', async () => {
    const tokenizer = { ...fixture('llama/tokenizer.json'), normalizer: null, pre_tokenizer: { type: 'WhitespaceSplit' } }
    expect(await show(tokenizer, 'is ☕ ☂ it')).toContainEqual(expect.stringMatching(/^<unk> ☕/))
  })

  it('finds pieces that the steps would not have given', async () => {
    const bert = {
      ...fixture('bert/tokenizer.json'),
      normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: true, lowercase: true },
    }
    // The steps lower a final sigma in another way than the Rust library.
    expect(await show(bert, 'It is Café, ΟΔΟΣ')).toEqual([
      'i I|0',
      '##t t|0',
      'is is|1',
      'ca Ca|2',
      '##f f|2',
      '##e é|2',
      '[UNK] ,|3',
      '[UNK] ΟΔΟΣ|4',
    ])
  })
})
