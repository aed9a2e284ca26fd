// What the pictures of the way through a model share: lengths in few digits, and the positions that have a place.

/** Three digits are more than anybody compares by eye. */
export function shortLength(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2).replace('-', '−')
}

/** Positions that are drawn: all, or the first, which many heads rest on, and those up to the asked one and a little beyond. */
export function shownPositions(tokens: number, position: number, most: number): readonly number[] {
  const all = Array.from({ length: tokens }, (_, at) => at)
  if (tokens <= most) return all
  const end = Math.min(tokens, Math.max(most, position + 2))
  return [0, ...all.slice(end - most + 1, end)]
}

/** Positions that find room. */
export const MOST_SHOWN = 14

export function shortened(label: string, most: number): string {
  const letters = Array.from(label)
  return letters.length <= most ? label : `${letters.slice(0, most - 1).join('')}…`
}
