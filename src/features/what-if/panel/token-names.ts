// Tokens by their text, those that a text has several times with a number.

import type { Token } from '#text/token'

/** “very₂” is the second “very” of the text. */
export function tokenNames(tokens: readonly Token[]): readonly string[] {
  const labels = tokens.map(({ label }) => label.trim())
  const seen = new Map<string, number>()
  return labels.map((label, at) => {
    const number = (seen.get(label) ?? 0) + 1
    seen.set(label, number)
    return labels.indexOf(label) === labels.lastIndexOf(label) || tokens[at]?.source === 'template' ? label : `${label}${subscript(number)}`
  })
}

function subscript(number: number): string {
  return Array.from(String(number), (digit) => String.fromCodePoint(0x2080 + Number(digit))).join('')
}
