// One notation for a token that stands alone: a space that belongs to it is drawn, and line breaks and tabs too.

export function shownLabel(label: string): string {
  return label
    .replace(/^ +/, (spaces) => '␣'.repeat(spaces.length))
    .replaceAll('\n', '↵')
    .replaceAll('\t', '⇥')
}
