// A text with some of its tokens changed, as it would be typed, and with the changes marked as word-diff marks them.

import type { TokenRow } from '#text/token'

/** Words in the place of tokens, by the tokens' indexes; null for one that goes. */
export type Changes = readonly { readonly token: number; readonly word: string | null }[]

/** What may stand after a word that went: then the space before it goes, too. */
const NO_WORD = /^(?:\s|\p{P}|$)/u

export function changedText(text: string, { tokens }: TokenRow, changes: Changes): { readonly text: string; readonly marked: string } {
  let [plain, marked, done] = ['', '', 0]
  for (const { token, word } of changes.toSorted((one, other) => one.token - other.token)) {
    const { start = 0, end = 0 } = tokens[token] ?? {}
    const old = text.slice(start, end)
    // Some tokenizers count the space before a word as a part of it.
    const between = text.slice(done, start) + (/^\s*/.exec(old)?.[0] ?? '')
    plain += between + (word ?? '')
    marked += `${between}[-${old.trim()}-]${word === null ? '' : `{+${word}+}`}`
    done = end
    if (word === null && NO_WORD.test(text.slice(end))) plain = plain.trimEnd()
  }
  const rest = text.slice(done)
  return { text: (plain + rest).trimStart(), marked: marked + rest }
}
