// Tokenizers of many kinds against what the Rust library says (fixtures/tokenizer-cases).
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTokenizer } from './tokenizer.ts'

interface ExpectedRow {
  readonly text: string
  readonly ids: readonly number[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly special: readonly number[]
}

const root = new URL('../../../fixtures/tokenizer-cases/', import.meta.url)
const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())

it('has cases', () => {
  expect(folders.length).toBeGreaterThan(20)
})

describe.each(folders.map(({ name }) => name))('%s', async (name) => {
  const json = (file: string): object => JSON.parse(readFileSync(new URL(`${name}/${file}`, root), 'utf8'))
  const tokenizer = await createTokenizer(json('tokenizer.json'), json('tokenizer_config.json'), 512)
  const { rows } = json('expected.json') as { readonly rows: readonly ExpectedRow[] }

  it('has the ids and the special tokens of the Rust library', () => {
    expect(rows.length).toBeGreaterThan(0)
    for (const { text, ids, special } of rows) {
      const { tokens } = tokenizer.encode(text)
      expect([text, tokens.map(({ id }) => id)]).toEqual([text, ids])
      expect([text, tokens.map(({ source }) => (source === 'template' ? 1 : 0))]).toEqual([text, special])
    }
  })

  it('never points at characters that are not the token’s', () => {
    const wrong: string[] = []
    for (const { text, starts, ends } of rows) {
      tokenizer.encode(text).tokens.forEach(({ piece, start, end, source }, index) => {
        if (source === 'template') return
        const [from, to] = [starts[index] ?? 0, ends[index] ?? 0]
        const [ours, theirs] = [text.slice(start, end), text.slice(from, to)]
        // Inside the library's, which may name a whole unit for each of its bytes, or spell out the marks of a letter; or all characters
        // that made the token, where the library names one of them.
        const isInside = plain(theirs).includes(plain(ours)) && start <= to && end >= from
        const others = starts.some(
          (other, at) => at !== index && other < end && (ends[at] ?? 0) > start && !(other <= from && (ends[at] ?? 0) >= to),
        )
        const isAround = start <= from && end >= to && !others
        const isNothing = ours.trim() === '' && (theirs.trim() === '' || isSpace(piece))
        if (!(isNothing || isAround || (isInside && ours.trim() !== '')))
          wrong.push(
            `${start},${end}/${from},${to} ${JSON.stringify(text.slice(0, 40))} ${piece}: ${JSON.stringify(ours)} / ${JSON.stringify(theirs)}`,
          )
      })
    }
    expect(wrong).toEqual([])
  })
})

/** A piece that spells white space has no character of its own where the tokenizer put it there. */
function isSpace(piece: string): boolean {
  return piece.replace(/[▁Ġ ]/gu, '') === ''
}

/** Marks stay with their letter here, and spaces are no part of a token. */
function plain(text: string): string {
  return text.replace(/[\p{M}\p{Cf}\s]/gu, '')
}
