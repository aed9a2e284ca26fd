// One notation for a token that stands alone: a space that belongs to it is drawn, a line break too.

export function shownToken(label: string): string {
  return label.replaceAll('\n', '↵').replace(/^ +/, (spaces) => '␣'.repeat(spaces.length)) || '␣'
}
