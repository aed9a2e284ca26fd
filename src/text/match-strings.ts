// Finds where the characters of a changed string stood in the original: for text rewritten by rules that are not known here.

import type { SourcedText } from './sourced-text.ts'

/** How far apart the two strings may drift in one place: normalisers and pre-tokenizers change a few characters, not passages. */
const REACH = 32
/** Units that must agree again before a change counts as over. */
const CERTAIN = 4

const SPACE_LIKE = /[\s▁Ġ]/u

/** The words of `from`, one after the other, between them only white space; matched by likeness where they are not its own characters. */
export function matchWords(from: string, words: readonly string[]): SourcedText {
  const joined = words.join('')
  const start = new Int32Array(joined.length)
  const end = new Int32Array(joined.length)
  let at = 0
  let made = 0
  for (const word of words) {
    while (at < from.length && !from.startsWith(word, at) && /\s/.test(from.charAt(at))) at++
    if (!from.startsWith(word, at)) return matchStrings(from, joined)
    for (let k = 0; k < word.length; k++, made++, at++) {
      start[made] = at
      end[made] = at + 1
    }
  }
  return { text: joined, start, end }
}

/**
 * `to` as made from `from`, in one pass: equal units face each other, white space may vanish or appear (`▁` and `Ġ` count as
 * white space), a change of equal length faces unit by unit, another change faces as a block.
 */
export function matchStrings(from: string, to: string): SourcedText {
  const start = new Int32Array(to.length)
  const end = new Int32Array(to.length)
  let i = 0
  let j = 0
  const take = (units: number, made: number): void => {
    for (let k = 0; k < made; k++) {
      start[j + k] = units === made ? i + k : i
      end[j + k] = units === made ? i + k + 1 : i + units
    }
    i += units
    j += made
  }
  while (j < to.length) {
    if (i < from.length && alike(from, i, to, j)) take(1, 1)
    else if (i < from.length && SPACE_LIKE.test(from.charAt(i))) i++
    else if (i >= from.length || SPACE_LIKE.test(to.charAt(j))) take(0, 1)
    else {
      const [units, made] = findAgreement(from, i, to, j) ?? [from.length - i, to.length - j]
      take(units, made)
    }
  }
  return { text: to, start, end }
}

function alike(from: string, i: number, to: string, j: number): boolean {
  return from[i] === to[j] || (SPACE_LIKE.test(from.charAt(i)) && SPACE_LIKE.test(to.charAt(j)))
}

/** The shortest change after which both strings go on alike: units left behind in `from` and in `to`. */
function findAgreement(from: string, i: number, to: string, j: number): readonly [number, number] | null {
  for (const needed of [CERTAIN, 1]) {
    for (let total = 1; total <= 2 * REACH; total++) {
      for (const units of balancedFirst(total)) {
        const made = total - units
        if (agrees(from, i + units, to, j + made, needed)) return [units, made]
      }
    }
  }
  return null
}

function* balancedFirst(total: number): Generator<number> {
  const half = total >> 1
  for (let off = 0; off <= half + 1; off++) {
    if (half + off <= total) yield half + off
    if (off > 0 && half - off >= 0) yield half - off
  }
}

function agrees(from: string, i: number, to: string, j: number, needed: number): boolean {
  const length = Math.min(needed, Math.max(from.length - i, to.length - j))
  if (length <= 0) return i === from.length && j === to.length
  for (let k = 0; k < length; k++) if (i + k >= from.length || j + k >= to.length || !alike(from, i + k, to, j + k)) return false
  return true
}
