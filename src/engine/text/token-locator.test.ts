import { readFileSync } from 'node:fs'
import { Tokenizer } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { createLocator } from './token-locator.ts'

const fixture = (name: string): object => JSON.parse(readFileSync(new URL(`../../fixtures/tokenizers/${name}`, import.meta.url), 'utf8'))

function locatorOf(name: string) {
  const tokenizer = fixture(`${name}/tokenizer.json`)
  const config = fixture(`${name}/tokenizer_config.json`)
  return createLocator(new Tokenizer(tokenizer, config), tokenizer, config)
}

describe('createLocator', () => {
  it('knows vocabularies of bytes', () => {
    expect(locatorOf('gpt2').bytes).toBe(true)
    expect(locatorOf('bert').bytes).toBe(false)
  })

  it('gives a run of unknown words that the model fuses to its one piece', () => {
    const tokenizer = { ...fixture('llama/tokenizer.json'), normalizer: null, pre_tokenizer: { type: 'WhitespaceSplit' } }
    const library = new Tokenizer(tokenizer, {})
    const text = 'is ☕ ☂ it'
    const pieces = library.encode(text, { add_special_tokens: false }).tokens
    const spans = createLocator(library, tokenizer, {})(text, pieces).map(({ start, end }) => text.slice(start, end))
    expect(pieces).toContain('<unk>')
    expect(spans[pieces.indexOf('<unk>')]).toBe('☕ ☂')
  })

  it('finds pieces that the steps would not have given by their likeness', () => {
    const show = (text: string, name: string, pieces: readonly string[]) =>
      locatorOf(name)(text, pieces).map(({ start, end, word }) => `${text.slice(start, end)}|${word}`)
    expect(show('Café noir', 'bert', ['caf', '##e', 'no', '##ir'])).toEqual(['Caf|0', 'é|0', 'no|1', 'ir|1'])
    expect(show('a béc', 'gpt2', ['a', 'Ġb', 'Ã©', 'c'])).toEqual(['a|0', 'b|1', 'é|1', 'c|1'])
    expect(show('a ☕ b', 'bert', ['a', '[UNK]', '##b'])).toEqual(['a|0', '|1', 'b|2'])
  })
})
