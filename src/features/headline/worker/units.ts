// The words that a headline can name: as a reader sees them, and passages where a text has too many.

import type { Token } from '#text/token'

/** Each costs a pass: of longer texts passages are taken away. */
const MOST_UNITS = 48

const APOSTROPHE = /^['’]$/

export interface HeadlineUnits {
  readonly unit: 'word' | 'passage'
  readonly units: readonly (readonly number[])[]
}

/**
 * @param isKept tokens that nothing can take away: the tokenizer's own, the place that is asked about, and what the model has not read yet
 */
export function headlineUnits(tokens: readonly Token[], isKept: (index: number) => boolean): HeadlineUnits {
  const words = joinContractions(tokens, wordsOf(tokens, isKept))
  if (words.length <= MOST_UNITS) return { unit: 'word', units: words }
  return { unit: 'passage', units: passages(tokens, words) }
}

function wordsOf(tokens: readonly Token[], isKept: (index: number) => boolean): readonly (readonly number[])[] {
  const words: { readonly name: number; readonly members: number[] }[] = []
  tokens.forEach((token, index) => {
    if (token.source === 'template' || isKept(index)) return
    const before = words.at(-1)
    const last = before?.members.at(-1)
    if (before !== undefined && token.word >= 0 && before.name === token.word && last === index - 1) before.members.push(index)
    else words.push({ name: token.word, members: [index] })
  })
  return words.map(({ members }) => members)
}

/** Tokenizers take “isn’t” for three words, readers for one. */
function joinContractions(tokens: readonly Token[], words: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const joined: (readonly number[])[] = []
  for (let at = 0; at < words.length; at++) {
    const [before, mark, after] = [words[at] ?? [], words[at + 1], words[at + 2]]
    if (mark && after && isApostrophe(tokens, mark) && areTogether(tokens, before, mark) && areTogether(tokens, mark, after)) {
      joined.push([...before, ...mark, ...after])
      at += 2
    } else joined.push(before)
  }
  return joined
}

function isApostrophe(tokens: readonly Token[], word: readonly number[]): boolean {
  return word.length === 1 && APOSTROPHE.test(tokens[word[0] ?? -1]?.label ?? '')
}

function areTogether(tokens: readonly Token[], one: readonly number[], next: readonly number[]): boolean {
  const [last, first] = [tokens[one.at(-1) ?? -1], tokens[next[0] ?? -1]]
  return last !== undefined && first !== undefined && last.end === first.start && first.start < first.end
}

/** Runs of words of about equal length, which end where a sentence or a clause does if one is near. */
function passages(tokens: readonly Token[], words: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const length = Math.ceil(words.length / (MOST_UNITS / 2))
  const found: number[][] = []
  let open: number[] = []
  let held = 0
  for (const word of words) {
    open.push(...word)
    held++
    const ends = ENDS.test(tokens[word.at(-1) ?? -1]?.label ?? '')
    if (held >= length || (ends && held >= length / 2)) {
      found.push(open)
      open = []
      held = 0
    }
  }
  return open.length > 0 ? [...found, open] : found
}

const ENDS = /[.!?…,;:。！？，；：]$/
