// Tokens as they stand in the text, with a space between them where there is one.

import type { Token } from '#text/token'

/** Whether there is a space before a token that its label does not have. */
export function isApart(tokens: readonly Token[], index: number): boolean {
  const [token, before] = [tokens[index], tokens[index - 1]]
  if (token === undefined || /^\s/.test(token.label)) return false
  return token.source === 'edit' || before?.source === 'edit' || token.start > (before?.end ?? token.start)
}

/** A unit's tokens as one text; the space before the first one is part of it. */
export function unitText(tokens: readonly Token[], unit: readonly number[]): string {
  return unit.map((index) => `${isApart(tokens, index) ? ' ' : ''}${tokens[index]?.label ?? ''}`).join('')
}
