// Tokens that a tokenizer knows as whole texts ([MASK], <s>), cut out before anything else happens to a text.

import type { AddedToken, Tokenizer } from '@huggingface/tokenizers'
import { type SourcedText, sliceSourced } from '#text/sourced-text'

/** Added tokens by the text that stands for them, and the texts looked for before and after normalising. */
export interface AddedTokens {
  readonly byText: ReadonlyMap<string, AddedToken>
  readonly typed: readonly string[]
  readonly normalised: readonly string[]
}

/** Cuts out added tokens: at each place the longest, from left to right, as the library does. Empty parts are left out. */
export function splitAdded(source: SourcedText, wanted: readonly string[], { byText }: AddedTokens): readonly SourcedText[] {
  if (wanted.length === 0) return source.text === '' ? [] : [source]
  const pattern = new RegExp(wanted.map((content) => content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  const parts: SourcedText[] = []
  let from = 0
  for (const match of source.text.matchAll(pattern)) {
    const { lstrip = false, rstrip = false } = byText.get(match[0]) ?? {}
    const before = sliceSourced(source, from, match.index)
    parts.push(lstrip ? sliceSourced(before, 0, before.text.trimEnd().length) : before)
    parts.push(sliceSourced(source, match.index, match.index + match[0].length))
    from = match.index + match[0].length
    if (rstrip) from += spaceAt(source.text, from)
  }
  parts.push(sliceSourced(source, from, source.text.length))
  return parts.filter((part) => part.text !== '')
}

function spaceAt(text: string, at: number): number {
  return text.length - at - text.slice(at).trimStart().length
}

export const NO_ADDED_TOKENS: AddedTokens = { byText: new Map(), typed: [], normalised: [] }

/** The added tokens of a tokenizer. */
export function addedTokensOf(library: Tokenizer): AddedTokens {
  const byText = new Map<string, AddedToken>()
  const typed: string[] = []
  const normalised: string[] = []
  for (const token of library.get_added_tokens_decoder().values()) {
    byText.set(token.content, token)
    if (token.normalized && library.normalizer !== null) {
      const content = library.normalizer.normalize(token.content)
      normalised.push(content)
      byText.set(content, token)
    } else typed.push(token.content)
  }
  const longestFirst = (list: string[]): readonly string[] => list.filter(Boolean).sort((x, y) => y.length - x.length)
  return { byText, typed: longestFirst(typed), normalised: longestFirst(normalised) }
}
